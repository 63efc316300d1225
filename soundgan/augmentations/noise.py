"""A clip has a little noise, on its sound and on its silence."""

from __future__ import annotations

from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor

from soundgan.augmentations.contract import Augmentation
from soundgan.config.settings import Settings
from soundgan.runtime.noise import normal_like


class NoiseOptions(Settings):
    """Options of the noise."""

    sigma: float = Field(default=0.03, ge=0.0, le=0.5)
    """Standard deviation in levels; 0.03 is 1.2 dB of an 80 dB range."""


class Noise(Augmentation):
    """Adds N(0, ``sigma``) to every pixel."""

    Options: ClassVar[type[Settings]] = NoiseOptions

    options: NoiseOptions

    def __call__(self, images: Tensor, stream: torch.Generator) -> Tensor:
        """Add noise to every image."""
        return images + self.options.sigma * normal_like(images, stream)
