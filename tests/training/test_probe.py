from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from soundgan.codec.build import preset_codec
from soundgan.shapes import ClipSpec
from soundgan.training.probe import GROUPS, PER_GROUP, Probe
from soundgan.training.reference import Reference
from soundgan.training.state import TrainState

N, SIZE = 240, 32

_, CODEC = preset_codec("tiny", ClipSpec(8000, 2048))


class Painter(nn.Module):
    """An averaged generator that paints with a function of latents and labels."""

    def __init__(self, paint: Callable[[Tensor, Tensor | None], Tensor]) -> None:
        super().__init__()
        self.paint = paint

    def forward(self, z: Tensor, labels: Tensor | None) -> Tensor:
        return self.paint(z, labels)


class Judge(nn.Module):
    """A discriminator that knows the mean of an image."""

    def forward(self, images: Tensor, labels: Tensor | None) -> Tensor:
        return images.mean(dim=(1, 2, 3))[:, None]


@dataclass
class Game:
    ema: nn.Module
    discriminator: nn.Module

    @property
    def device(self) -> torch.device:
        return torch.device("cpu")

    def state(self) -> TrainState:
        return cast("TrainState", cast("Any", self))


@pytest.fixture(scope="module")
def images() -> Tensor:
    """Noise in the lower half of the scale, darker in every second image of a class of four."""
    rng = np.random.default_rng(3)
    noise = rng.uniform(-1.0, 0.0, (N, 1, SIZE, SIZE)).astype(np.float32)
    return torch.from_numpy(noise)


def known(images: Tensor, labels: NDArray[np.int64]) -> Reference:
    """The first 200 are trained on."""
    return Reference(CODEC, images[:200], labels[:200])


@pytest.fixture(scope="module")
def labels() -> NDArray[np.int64]:
    return np.arange(N) % 4


@pytest.fixture(scope="module")
def probe(images: Tensor, labels: NDArray[np.int64]) -> Probe:
    return Probe(known(images, labels), images[200:], labels[200:], latent_dim=8, seed=1)


def look(probe: Probe, paint: Callable[[Tensor, Tensor | None], Tensor]) -> dict[str, float]:
    return probe(Game(Painter(paint), Judge()).state())


def noise_like(z: Tensor, low: float = -1.0, high: float = 0.0) -> Tensor:
    """Images of independent noise, one per latent."""
    stream = torch.Generator().manual_seed(int(z.abs().sum() * 1000))
    return torch.rand(len(z), 1, SIZE, SIZE, generator=stream) * (high - low) + low


def test_new_sounds_of_the_same_kind_measure_like_real_ones(probe: Probe) -> None:
    found = look(probe, lambda z, labels: noise_like(z))
    for name in ("diversity", "latent_sensitivity", "nearest_ratio", "pixel_std"):
        assert found[name] == pytest.approx(1.0, abs=0.1), name
    for name in ("silent", "single_tone", "saturated"):
        assert found[name] == pytest.approx(found[f"{name}_real"], abs=0.01)
    assert found["train_pair_accuracy"] == pytest.approx(0.5, abs=0.2)


def test_one_image_for_everything_has_no_variety(probe: Probe) -> None:
    found = look(probe, lambda z, labels: noise_like(z[:1]).expand(len(z), 1, SIZE, SIZE))
    assert found["diversity"] == pytest.approx(0.0, abs=1e-6)
    assert found["latent_sensitivity"] == pytest.approx(0.0, abs=1e-6)
    assert found["pixel_std"] == pytest.approx(0.0, abs=1e-6)


def test_one_image_per_label_varies_but_does_not_hear_the_latent(probe: Probe) -> None:
    palette = noise_like(torch.ones(4, 1))

    def paint(z: Tensor, labels: Tensor | None) -> Tensor:
        assert labels is not None
        return palette[labels]

    found = look(probe, paint)
    assert found["latent_sensitivity"] == pytest.approx(0.0, abs=1e-6)
    # 4 labels twice among 8 groups: of 63 others 48 have another label.
    assert found["diversity"] == pytest.approx(48 / 63, abs=0.1)


def test_training_clips_are_recognised(probe: Probe, images: Tensor) -> None:
    assert look(probe, lambda z, labels: images[: len(z)])["nearest_ratio"] == pytest.approx(
        0.0, abs=1e-6
    )


def test_silence_and_single_tones_are_recognised(probe: Probe) -> None:
    silent = look(probe, lambda z, labels: torch.full((len(z), 1, SIZE, SIZE), -0.999))
    assert (silent["silent"], silent["silent_real"]) == (1.0, 0.0)
    assert silent["single_tone"] == 0.0

    def tone(z: Tensor, labels: Tensor | None) -> Tensor:
        image = torch.full((len(z), 1, SIZE, SIZE), -1.0)
        image[:, :, 9] = 0.0
        image[:, :, 8] = image[:, :, 10] = -0.3  # what a window leaks
        return image

    found = look(probe, tone)
    assert (found["single_tone"], found["single_tone_real"]) == (1.0, 0.0)
    assert found["silent"] == 0.0


def test_pixels_beyond_the_scale_count_as_saturated(probe: Probe) -> None:
    def half(z: Tensor, labels: Tensor | None) -> Tensor:
        image = noise_like(z)
        image[:, :, : SIZE // 2] = 3.0
        return image

    assert look(probe, half)["saturated"] == pytest.approx(0.5, abs=0.01)


def test_overfitting_is_how_far_unseen_clips_are_on_the_way_to_generated_ones(
    images: Tensor, labels: NDArray[np.int64]
) -> None:
    """Means: training -0.5, validation 0.75 of the way to generated ones at -0.9."""
    validation = images[200:] * 0.1 - 0.75
    probe = Probe(known(images, labels), validation, labels[200:], latent_dim=8, seed=1)
    found = look(probe, lambda z, labels: noise_like(z) * 0.1 - 0.85)
    assert found["overfit"] == pytest.approx(0.75, abs=0.01)
    assert found["train_pair_accuracy"] == 1.0
    assert found["held_out_pair_accuracy"] == 1.0


def test_verdicts_that_are_all_alike_are_right_about_half_of_the_pairs(probe: Probe) -> None:
    class Mute(nn.Module):
        def forward(self, images: Tensor, labels: Tensor | None) -> Tensor:
            return torch.zeros(len(images), 1)

    found = probe(Game(Painter(lambda z, labels: noise_like(z)), Mute()).state())
    assert found["train_pair_accuracy"] == 0.5
    assert "overfit" not in found


def test_what_cannot_be_measured_is_left_out(images: Tensor) -> None:
    few = Probe(Reference(CODEC, images[:30]), images[30:33], None, latent_dim=8, seed=1)
    found = look(few, lambda z, labels: noise_like(z))
    assert {"diversity", "train_pair_accuracy"} <= set(found)
    assert not {"latent_sensitivity", "nearest_ratio", "overfit"} & set(found)


def test_a_generator_that_is_not_finite_is_not_measured(probe: Probe) -> None:
    assert look(probe, lambda z, labels: noise_like(z) * torch.nan) == {}


def test_the_same_latents_and_labels_every_time(probe: Probe) -> None:
    seen: list[Tensor] = []

    def paint(z: Tensor, labels: Tensor | None) -> Tensor:
        assert labels is not None
        seen.extend((z, labels))
        return noise_like(z)

    assert look(probe, paint) == look(probe, paint)
    assert torch.equal(seen[0], seen[2])
    groups = seen[1].view(GROUPS, PER_GROUP)
    assert (groups == groups[:, :1]).all()
    assert groups[:, 0].tolist() == [0, 1, 2, 3, 0, 1, 2, 3]
