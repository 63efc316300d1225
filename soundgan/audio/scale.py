"""Magnitudes as levels in decibels, with a soft floor that silence reaches exactly.

A level is ``20 log10(magnitude / full_scale + floor)``: far above the floor it is the ordinary
decibel, and zero magnitude is ``floor_db``. Unlike clipping at the floor this is undone exactly,
so that what lies at the floor comes back as silence and not as hiss.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor


def to_levels(magnitude: Tensor, *, full_scale: float, floor_db: float) -> Tensor:
    """Levels in dB of magnitudes, any shape; at least ``floor_db``.

    Args:
        magnitude: Non-negative.
        full_scale: The magnitude of 0 dB.
        floor_db: The level of silence, negative.
    """
    return 20.0 * torch.log10(magnitude / full_scale + 10.0 ** (floor_db / 20.0))


def from_levels(level: Tensor, *, full_scale: float, floor_db: float) -> Tensor:
    """Magnitudes of levels in dB; undoes :func:`to_levels`, and below the floor is silence."""
    floor = 10.0 ** (floor_db / 20.0)
    # The last rounding step above the floor must not pass for sound.
    relative = torch.exp(level * (math.log(10.0) / 20.0)) - floor * (1.0 + 1e-5)
    magnitude: Tensor = full_scale * relative.clamp(min=0.0)
    return magnitude
