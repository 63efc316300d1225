from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from torch import Tensor

from soundgan.codec.build import preset_codec
from soundgan.codec.spectrogram import SpectrogramCodec
from soundgan.inference.model_file import ModelDescription
from soundgan.reporting import SilentReporter
from soundgan.training.checkpoint import newest_checkpoint, save_checkpoint
from soundgan.training.preview import Preview
from soundgan.training.quality import BEST, UNCLEAR, Quality
from soundgan.training.reference import Reference
from soundgan.training.selection import Selection, generated
from soundgan.training.snapshot import restore
from soundgan.training.state import BestAverage, TrainState
from tests.training.conftest import CLIP, fresh

_, CODEC = preset_codec("tiny", CLIP)


def pictures(n: int, seed: int, level: float = 0.0) -> Tensor:
    stream = torch.Generator().manual_seed(seed)
    return (level + 0.3 * torch.randn(n, 1, 16, 16, generator=stream)).clamp(-1, 1)


class Fixed(torch.nn.Module):
    """Gives the same pictures whatever it is asked."""

    latent_dim = 2

    def __init__(self, images: Tensor) -> None:
        super().__init__()
        self.images = torch.nn.Parameter(images)
        self.given = 0

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        start = self.given
        self.given += len(z)
        return self.images[start : self.given]


def distance(selection: Selection, images: Tensor) -> float:
    return selection.measure(Fixed(images))  # type: ignore[arg-type]


def test_images_of_the_same_distribution_are_nearer_than_brighter_ones() -> None:
    selection = Selection(
        Reference(CODEC, pictures(400, 1)), pictures(100, 2), None, n_sounds=100, seed=0
    )
    assert abs(distance(selection, pictures(100, 3))) < 0.02
    assert distance(selection, pictures(100, 3, level=0.3)) > 0.1


def test_labels_come_in_the_proportions_of_the_validation_clips(state: TrainState) -> None:
    seen: list[Tensor] = []
    state.ema.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[1]))
    labels = torch.tensor([0, 0, 0, 1])
    generated(state.ema, 8, labels[torch.arange(8) % 4], 0)
    assert torch.cat(seen).tolist() == [0, 0, 0, 1] * 2


def test_only_a_nearer_average_replaces_the_best(
    state: TrainState, monkeypatch: pytest.MonkeyPatch
) -> None:
    selection = Selection(
        Reference(CODEC, pictures(64, 1)), pictures(20, 2), None, n_sounds=16, seed=0
    )
    distances = iter([0.5, 0.7, 0.2])
    monkeypatch.setattr(selection, "measure", lambda _: next(distances))
    steps = []
    for step in (10, 20, 30):
        state.step = step
        with torch.no_grad():
            next(state.ema.parameters()).fill_(step)
        selection.consider(state)
        assert state.best is not None
        steps.append(state.best.step)
        kept = next(iter(state.best.weights.values()))
        assert kept.flatten()[0].item() == state.best.step
    assert steps == [10, 10, 30]
    assert state.best is not None
    assert state.product is state.best.weights


def test_the_best_average_survives_in_a_checkpoint(state: TrainState, tmp_path: Path) -> None:
    selection = Selection(
        Reference(CODEC, pictures(64, 1)),
        pictures(20, 2),
        torch.zeros(20, dtype=torch.int64),
        n_sounds=16,
        seed=0,
    )
    state.step = 5
    selection.consider(state)
    assert state.best is not None
    save_checkpoint(tmp_path, state, "hash")
    again = fresh(state.config)
    checkpoint = newest_checkpoint(tmp_path, SilentReporter())
    assert checkpoint is not None
    restore(again, checkpoint)
    assert again.best is not None
    assert (again.best.step, again.best.kernel_distance) == (5, state.best.kernel_distance)
    assert all(torch.equal(again.best.weights[name], w) for name, w in state.best.weights.items())


def test_measuring_changes_nothing_but_the_best(state: TrainState) -> None:
    before = {name: value.clone() for name, value in state.ema.state_dict().items()}
    selection = Selection(
        Reference(CODEC, pictures(64, 1)),
        pictures(20, 2),
        torch.zeros(20, dtype=torch.int64),
        n_sounds=70,
        seed=0,
    )
    assert selection.measure(state.ema) == selection.measure(state.ema)
    assert all(torch.equal(before[name], value) for name, value in state.ema.state_dict().items())


def test_a_preview_shows_the_product_not_the_latest_average(
    state: TrainState, tmp_path: Path, codec: SpectrogramCodec
) -> None:
    description = ModelDescription(state.config, CLIP, ("a", "b", "c"), {})
    preview = Preview(tmp_path, description, codec)
    first = preview.write(state).read_bytes()
    weights = {name: value.clone() for name, value in state.ema.state_dict().items()}
    state.best = BestAverage(0, 0.1, weights)
    with torch.no_grad():
        for parameter in state.ema.parameters():
            parameter.add_(0.3)
    assert preview.write(state).read_bytes() == first
    state.best = None
    assert preview.write(state).read_bytes() != first


def decays(n: int, seed: int) -> Tensor:
    """Pictures of one kind: a band of chance height and width that dies away."""
    stream = torch.Generator().manual_seed(seed)
    pace, height, width = (torch.rand(n, 1, 1, 1, generator=stream) for _ in range(3))
    time, row = torch.linspace(0, 1, 32), torch.linspace(0, 1, 32)[:, None]
    shape = -time * (2 + 8 * pace) - ((row - height) / (0.1 + 0.3 * width)) ** 2
    return (2 * shape.exp() - 1 + 0.05 * torch.randn(n, 1, 32, 32, generator=stream)).clamp(-1, 1)


TRAIN = decays(300, 1)
NOISE = (TRAIN.std() * torch.randn(TRAIN.shape, generator=torch.Generator().manual_seed(0))).clamp(
    -1, 1
)


@pytest.mark.parametrize("validation", [4, 8, 10, 16, 40, 270])
def test_few_validation_clips_tell_noise_from_sounds_and_never_praise(validation: int) -> None:
    selection = Selection(
        Reference(CODEC, TRAIN), decays(validation, 2), None, n_sounds=200, seed=0
    )

    def word(images: Tensor) -> str:
        return Quality(distance(selection, images), selection.scale).word

    copies, noise, halves = TRAIN[:200], NOISE[:200], torch.cat([TRAIN[:100], NOISE[:100]])
    one = TRAIN[:1].expand(200, -1, -1, -1)
    if validation < 10:
        assert {word(copies), word(noise), word(halves)} == {UNCLEAR}
        return
    assert word(noise) == word(halves) == word(one) == "still noise"
    if validation < 100:
        assert re.fullmatch("(first shapes|rough|fair) or better", word(copies))
    else:
        assert word(copies) in ("good or better", BEST)
