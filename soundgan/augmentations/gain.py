"""A clip is a little louder or softer."""

from __future__ import annotations

from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor

from soundgan.augmentations.contract import Augmentation
from soundgan.augmentations.floor import above_floor
from soundgan.config.settings import Settings


class GainOptions(Settings):
    """Options of the gain."""

    max_change: float = Field(default=0.08, ge=0.0, le=0.13)
    """Largest change of a level, up or down; 0.08 is about 3 dB of an 80 dB range."""


class Gain(Augmentation):
    """Adds one amount, uniform in +-``max_change``, to all levels of an image above the floor."""

    Options: ClassVar[type[Settings]] = GainOptions

    options: GainOptions

    def __call__(self, images: Tensor, stream: torch.Generator) -> Tensor:
        """Raise or lower every image; the floor stays where it is."""
        draw = 2 * torch.rand(len(images), 1, 1, 1, generator=stream) - 1
        sound = above_floor(images, self.silence)
        return images + (self.options.max_change * draw).to(images) * sound
