"""A clip drops out for a moment."""

from __future__ import annotations

from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor

from soundgan.augmentations.contract import Augmentation
from soundgan.augmentations.floor import silenced
from soundgan.augmentations.spans import draw_spans
from soundgan.config.settings import Settings


class TimeMaskOptions(Settings):
    """Options of the time mask."""

    max_width: float = Field(default=0.12, ge=0.0, le=0.5)
    """Longest gap, as a share of the columns."""


class TimeMask(Augmentation):
    """Silences one stretch of columns of random width and place."""

    Options: ClassVar[type[Settings]] = TimeMaskOptions

    options: TimeMaskOptions

    def __call__(self, images: Tensor, stream: torch.Generator) -> Tensor:
        """Set the gap of every image to the floor."""
        n_images, _, _, n_frames = images.shape
        inside = draw_spans(n_images, n_frames, self.options.max_width, 1, stream)
        return silenced(images, inside[:, None, None, :], self.silence)
