"""All that a run needs of its clips before its first step comes from one look at each."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.audio.stft import stft
from soundgan.config.load import load_config
from soundgan.data.dataset import PreparedDataset
from soundgan.evaluation.patches import PatchFeatures
from soundgan.pipelines.judge import make_judge, make_probe, quality_of
from soundgan.pipelines.task import Task, open_task
from soundgan.pipelines.training_clips import TrainingClips
from soundgan.reporting import SilentReporter
from soundgan.training.state import new_state
from tests.datasets import write_dataset

CPU = torch.device("cpu")
N_CLIPS = 120


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> Task:
    folder = write_dataset(tmp_path_factory.mktemp("data") / "prepared", n_clips=N_CLIPS)
    return open_task(load_config("tiny", ["training.evaluate_sounds=32"]), folder)


def test_every_clip_is_transformed_once_and_features_are_fitted_once(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit = PatchFeatures.fit
    transformed: list[int] = []
    fitted: list[int] = []

    def counted(waveform: Tensor, *settings: object, **options: object) -> Tensor:
        transformed.append(len(waveform))
        spectrum: Tensor = stft(waveform, *settings, **options)  # type: ignore[arg-type]
        return spectrum

    def counted_fit(pictures: Tensor) -> PatchFeatures:
        fitted.append(len(pictures))
        return fit(pictures)

    monkeypatch.setattr("soundgan.representations.levels.stft", counted)
    monkeypatch.setattr(PatchFeatures, "fit", counted_fit)
    state = new_state(task.assembly, device=CPU)
    clips = TrainingClips.of(task, CPU)
    reference = clips.reference(4096)
    judge = make_judge(clips, reference)
    assert make_probe(clips, reference, state.generator.latent_dim, SilentReporter()) is not None
    for some in (clips.train, clips.validation):
        clips.batches(some).at(3)
    assert quality_of(state, clips, judge, at_once=False) is not None
    assert sum(transformed) == N_CLIPS * 9 // 10  # but those for the test
    assert fitted == [N_CLIPS * 8 // 10]


def test_nothing_in_a_training_looks_at_the_clips_for_the_test(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[int] = set()
    samples = PreparedDataset.samples

    def spy(self: PreparedDataset, indices: NDArray[np.integer]) -> NDArray[np.int16]:
        seen.update(indices.tolist())
        return samples(self, indices)

    monkeypatch.setattr(PreparedDataset, "samples", spy)
    clips = TrainingClips.of(task, CPU)
    make_judge(clips, clips.reference(4096))
    clips.batches(clips.validation).at(3)
    assert len(seen) == N_CLIPS * 9 // 10
    assert not seen & set(task.dataset.test_indices.tolist())


def test_references_and_labels_are_of_the_same_clips(task: Task) -> None:
    clips = TrainingClips.of(task, CPU)
    reference = clips.reference(25)
    rows = task.dataset.train_indices[::4]
    assert reference.labels is not None
    assert reference.labels.tolist() == task.dataset.label_ids[rows].tolist()
    assert torch.equal(
        reference.x, clips.codec.encode(torch.from_numpy(task.dataset.for_models.waveforms(rows)))
    )
    alone = clips.labels(np.array([4]))
    assert alone is not None
    assert alone.tolist() == [1]


def test_a_batch_holds_the_images_of_its_labels(task: Task) -> None:
    clips = TrainingClips.of(task, CPU)
    batch = clips.batches(clips.validation).at(0)
    assert batch.labels is not None
    validation = {
        (int(task.dataset.label_ids[index]), clips.validation.at(np.array([row])).numpy().tobytes())
        for row, index in enumerate(clips.validation.indices)
    }
    for image, label in zip(batch.x, batch.labels.tolist(), strict=True):
        assert (label, image[None].numpy().tobytes()) in validation
