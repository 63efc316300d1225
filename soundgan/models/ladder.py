"""What ladders of doublings share: their sides, their widths, their first weights."""

from __future__ import annotations

import math

from torch import nn

from soundgan.errors import ConfigError
from soundgan.shapes import ImageSpec


def exponents(image: ImageSpec, name: str) -> tuple[int, int]:
    """log2 of the shorter and of the longer side.

    Raises:
        ConfigError: A side is not a power of two, or below 8; ``name`` is the architecture's.
    """
    for side_name, side in (("height", image.height), ("width", image.width)):
        if side < 8 or side & (side - 1):
            power = max(3, side.bit_length() - 1)
            raise ConfigError(
                f"representation.{side_name}: {side} does not fit {name}, whose sides are powers "
                f"of two from 8 on; choose {1 << power} or {2 << power}"
            )
    short, long = sorted((image.height, image.width))
    return short.bit_length() - 1, long.bit_length() - 1


def channel_counts(width: int, n: int, limit: int) -> list[int]:
    """``n`` channel counts, each twice the one before, none above a ``limit`` other than 0."""
    return [min(width << i, limit or width << i) for i in range(n)]


def he_init(network: nn.Module, slope: float, std: float = 0.0) -> None:
    """Draw convolutions so that each keeps its input's scale through a leaky rectifier.

    Args:
        network: Its convolutions are drawn anew, their biases are zeroed.
        slope: Of the rectifier below zero.
        std: If not 0, the standard deviation of all weights instead.
    """
    for layer in network.modules():
        if not isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            continue
        taps = layer.in_channels * math.prod(layer.kernel_size)
        if isinstance(layer, nn.ConvTranspose2d):
            taps //= math.prod(layer.stride)  # that many inputs reach one output
        he = math.sqrt(2 / ((1 + slope**2) * taps))
        nn.init.normal_(layer.weight, 0.0, std or he)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
