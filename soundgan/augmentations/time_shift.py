"""A clip starts a little earlier or later."""

from __future__ import annotations

from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from soundgan.augmentations.contract import Augmentation
from soundgan.config.settings import Settings


class TimeShiftOptions(Settings):
    """Options of the time shift."""

    max_earlier: float = Field(default=0.06, ge=0.0, le=0.5)
    """Furthest shift to the left, as a share of the clip; 0 keeps every attack."""
    max_later: float = Field(default=0.06, ge=0.0, le=0.5)
    """Furthest shift to the right, as a share of the clip."""


class TimeShift(Augmentation):
    """Shifts by whole columns, each shift equally likely; what becomes free is floor."""

    Options: ClassVar[type[Settings]] = TimeShiftOptions

    options: TimeShiftOptions

    def __call__(self, images: Tensor, stream: torch.Generator) -> Tensor:
        """Shift every image; nothing that leaves on one side comes back on the other."""
        n_frames = images.shape[3]
        earlier = round(self.options.max_earlier * n_frames)
        later = round(self.options.max_later * n_frames)
        shift = torch.randint(-earlier, later + 1, (len(images), 1), generator=stream)
        column = (torch.arange(n_frames) + later - shift).to(images.device)

        padded = functional.pad(images, (later, earlier), value=self.silence)
        shifted = padded.gather(3, column[:, None, None, :].expand(images.shape))
        if images.is_contiguous(memory_format=torch.channels_last):
            return shifted.contiguous(memory_format=torch.channels_last)
        return shifted
