from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from soundgan.data.dataset import PreparedDataset
from soundgan.inference.model_file import load_model
from soundgan.inference.synthesis import synthesise
from soundgan.pipelines.evaluate.from_model import (
    balanced_labels,
    copy_synthesis,
    generate_sounds,
)
from soundgan.pipelines.evaluate.looks import look_at
from soundgan.reporting import SilentReporter


def test_labels_are_balanced_and_in_order() -> None:
    assert balanced_labels(7, 3) == [0, 0, 0, 1, 1, 2, 2]
    assert balanced_labels(2, 3) == [0, 1]


def test_the_sounds_are_those_of_their_seeds_and_classes(model: Path) -> None:
    loaded = load_model(model)
    sounds = generate_sounds(
        loaded,
        ("high", "low", "other"),
        count=5,
        seed=7,
        truncation=0.5,
        device=torch.device("cpu"),
        reporter=SilentReporter(),
    )
    # The model's classes are low, mid, high; mid is none of the dataset's.
    assert sounds.labels.tolist() == [1, 1, -1, -1, 0]
    assert sounds.names == tuple(f"seed {number}" for number in range(7, 12))
    (alone,) = synthesise(loaded, [10], labels=[1], truncation=0.5)
    np.testing.assert_allclose(sounds.samples[3] / 32768, alone.waveform, atol=0.51 / 32768)


def test_a_copy_is_closer_to_its_original_than_to_any_other_clip(
    dataset: PreparedDataset, clips: np.ndarray
) -> None:
    chosen = clips[:3]  # one of each pitch
    copies = copy_synthesis(chosen, None, dataset, SilentReporter())
    before, after = (look_at(s, 8000).pictures[:, 0].flatten(1) for s in (chosen, copies))
    assert torch.cdist(after, before).argmin(dim=1).tolist() == [0, 1, 2]
    assert not np.array_equal(copies, chosen)


def test_copies_do_not_depend_on_the_number_of_threads(
    dataset: PreparedDataset, clips: np.ndarray
) -> None:
    threads = torch.get_num_threads()
    found = []
    for number in (1, 3):
        torch.set_num_threads(number)
        found.append(copy_synthesis(clips[:20], None, dataset, SilentReporter()))
    torch.set_num_threads(threads)
    np.testing.assert_array_equal(found[0], found[1])
