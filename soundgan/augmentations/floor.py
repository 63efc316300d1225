"""The floor of an image, and what stands above it."""

from __future__ import annotations

import torch
from torch import Tensor

FLOOR = -1.0
"""The level of silence."""

_KNEE = 0.2
"""Height above the floor from which a level counts as sound; 8 dB of 80."""


def silence(images: Tensor, where: Tensor) -> Tensor:
    """Images [B, C, F, T] with the floor wherever a mask, [B, 1, F, 1] or [B, 1, 1, T], is true."""
    # With weights 0 and 1 an exact choice, several times faster than masked_fill on CPU.
    return torch.lerp(images, images.new_full((), FLOOR), where.to(images))


def above_floor(images: Tensor) -> Tensor:
    """How much of each level is sound: 0 at the floor, 1 from 0.2 above it, smooth between.

    A change of level that is weighted by this leaves silence silent, and keeps the order of levels
    as long as the change is below 0.13.
    """
    rise = ((images - FLOOR) / _KNEE).clamp(0, 1)
    return rise.square() * (3 - 2 * rise)
