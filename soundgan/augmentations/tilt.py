"""A clip is a little brighter or duller."""

from __future__ import annotations

import math
from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor

from soundgan.augmentations.contract import Augmentation
from soundgan.augmentations.floor import above_floor
from soundgan.config.settings import Settings


class TiltOptions(Settings):
    """Options of the tilt."""

    max_change: float = Field(default=0.08, ge=0.0, le=0.13)
    """Largest change of a level, up or down; 0.08 is about 3 dB of an 80 dB range."""


class Tilt(Augmentation):
    """Adds a smooth curve over frequency to all levels above the floor.

    The curve runs from one amount at the lowest row to another at the highest along half a cosine;
    both are uniform in +-``max_change``.
    """

    Options: ClassVar[type[Settings]] = TiltOptions

    options: TiltOptions

    def __call__(self, images: Tensor, stream: torch.Generator) -> Tensor:
        """Tilt every image; the floor stays where it is."""
        lowest, highest = 2 * torch.rand(2, len(images), 1, 1, 1, generator=stream) - 1
        angle = torch.linspace(0, math.pi, images.shape[2])[:, None]
        curve: Tensor = lowest + (highest - lowest) * (1 - angle.cos()) / 2
        sound = above_floor(images, self.silence)
        return images + (self.options.max_change * curve).to(images) * sound
