"""Sides that are powers of two, and weights that keep the scale of what passes."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from soundgan.errors import ConfigError
from soundgan.models.ladder import channel_counts, exponents, he_init
from soundgan.shapes import ImageSpec


def test_exponents_are_those_of_the_shorter_and_the_longer_side() -> None:
    assert exponents(ImageSpec(1, 128, 32), "net") == (5, 7)
    assert exponents(ImageSpec(3, 32, 128), "net") == (5, 7)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (
            ImageSpec(1, 96, 64),
            r"^representation\.height: 96 does not fit net, .*; choose 64 or 128$",
        ),
        (ImageSpec(1, 64, 4), r"^representation\.width: 4 does not fit net, .*; choose 8 or 16$"),
        (
            ImageSpec(1, 64, 129),
            r"^representation\.width: 129 does not fit net, .*; choose 128 or 256$",
        ),
    ],
)
def test_other_sides_are_refused_with_the_powers_beside_them(
    image: ImageSpec, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        exponents(image, "net")


def test_channels_double_up_to_a_limit_or_without_one() -> None:
    assert channel_counts(16, 4, 50) == [16, 32, 50, 50]
    assert channel_counts(16, 4, 0) == [16, 32, 64, 128]


@pytest.mark.parametrize("slope", [0.0, 0.2])
@pytest.mark.parametrize("kind", ["convolution", "transposed"])
def test_drawn_convolutions_keep_the_scale_of_what_comes_through_a_rectifier(
    kind: str, slope: float
) -> None:
    torch.manual_seed(0)
    layer: nn.Module = nn.Conv2d(128, 128, 3, padding=1)
    if kind == "transposed":
        layer = nn.ConvTranspose2d(128, 128, 4, 2, 1)
    he_init(layer, slope)
    with torch.no_grad():
        hidden = torch.randn(4, 128, 32, 32)
        made = layer(nn.functional.leaky_relu(hidden, slope))[..., 4:-4, 4:-4]
    assert made.square().mean().item() == pytest.approx(1.0, rel=0.15)
    assert not layer.get_parameter("bias").any()


@pytest.mark.parametrize(("slope", "deviation"), [(0.0, 1 / 24), (0.2, 1 / 24 / 1.04**0.5)])
def test_nine_taps_of_a_hundred_and_twenty_eight_channels_get_the_deviation_of_he(
    slope: float, deviation: float
) -> None:
    torch.manual_seed(0)
    layer = nn.Conv2d(128, 128, 3)
    he_init(layer, slope)  # 2 / (9 x 128) = 1 / 24^2
    assert layer.weight.std().item() == pytest.approx(deviation, rel=0.006)


def test_a_stated_deviation_is_that_of_all_weights() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(8, 64, 3), nn.Linear(4, 4), nn.ConvTranspose2d(64, 8, 4))
    kept = network.get_parameter("1.weight").clone()
    he_init(network, 0.2, std=0.02)
    for name in ("0.weight", "2.weight"):
        assert network.get_parameter(name).std().item() == pytest.approx(0.02, rel=0.05)
    assert torch.equal(network.get_parameter("1.weight"), kept)
