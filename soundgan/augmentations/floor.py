"""The floor of an image, and what stands above it."""

from __future__ import annotations

import torch
from torch import Tensor

_KNEE = 0.2
"""Height above the floor from which a level counts as sound; 8 dB of 80."""


def silenced(images: Tensor, where: Tensor, silence: float) -> Tensor:
    """Images [B, C, F, T] at the level of silence where a mask [B, 1, F, 1] or [B, 1, 1, T] is."""
    # With weights 0 and 1 an exact choice, several times faster than masked_fill on CPU.
    return torch.lerp(images, images.new_full((), silence), where.to(images))


def above_floor(images: Tensor, silence: float) -> Tensor:
    """How much of each level is sound: 0 at the floor, 1 from 0.2 above it, smooth between.

    A change of level that is weighted by this leaves silence silent, and keeps the order of levels
    as long as the change is below 0.13.
    """
    rise = ((images - silence) / _KNEE).clamp(0, 1)
    return rise.square() * (3 - 2 * rise)
