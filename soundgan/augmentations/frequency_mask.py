"""A clip lacks one or two bands of frequency."""

from __future__ import annotations

from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor

from soundgan.augmentations.contract import Augmentation
from soundgan.augmentations.floor import silenced
from soundgan.augmentations.spans import draw_spans
from soundgan.config.settings import Settings


class FrequencyMaskOptions(Settings):
    """Options of the frequency mask."""

    max_width: float = Field(default=0.12, ge=0.0, le=0.5)
    """Widest band, as a share of the rows."""
    max_bands: int = Field(default=2, ge=1, le=8)
    """Most bands of one image; the least is one."""


class FrequencyMask(Augmentation):
    """Silences bands of random width and place.

    References:
        Park et al., "SpecAugment", Interspeech 2019, which masks to the mean.
    """

    Options: ClassVar[type[Settings]] = FrequencyMaskOptions

    options: FrequencyMaskOptions

    def __call__(self, images: Tensor, stream: torch.Generator) -> Tensor:
        """Set the bands of every image to the floor."""
        n_images, _, n_rows, _ = images.shape
        options = self.options
        inside = draw_spans(n_images, n_rows, options.max_width, options.max_bands, stream)
        return silenced(images, inside[:, None, :, None], self.silence)
