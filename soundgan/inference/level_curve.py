"""A small correction of the levels of generated images, before they are turned into sound."""

from __future__ import annotations

from typing import Self

import torch
from torch import Tensor

from soundgan.errors import ArtefactError

TENSOR = "correction"
"""Its name in a model file."""

MOST = 0.25
"""No level is moved further, an eighth of the range: it is a correction, not another picture."""

_MOST_BANDS, _MOST_LEVELS = 64, 1024


class LevelCurve:
    """Moves every level of an image by what its band and the level ask for.

    Between the middles of bands, and between levels, it is linear; -1, silence, stays. An image
    is corrected pixel by pixel: it does not matter with which others.

    Args:
        correction: float32 [bands, levels]: what is added at evenly spaced levels from -1 to 1,
            for bands of equally many rows from the lowest frequency on.
        height: Rows of the images.
    """

    def __init__(self, correction: Tensor, height: int) -> None:
        self.correction = correction
        n_bands = len(correction)
        row = (torch.arange(height, dtype=torch.float32) + 0.5) * (n_bands / height) - 0.5
        row = row.clamp(0.0, n_bands - 1.0)
        below = row.floor().long().clamp(max=max(0, n_bands - 2))
        share = (row - below)[:, None]
        above = (below + 1).clamp(max=n_bands - 1)
        self._rows = torch.lerp(correction[below], correction[above], share)

    @classmethod
    def read(cls, tensors: dict[str, Tensor], height: int) -> Self:
        """What :meth:`tensors` returned elsewhere.

        Raises:
            ArtefactError: Wrong name, shape, type or values.
        """
        if tensors.keys() != {TENSOR}:
            raise ArtefactError(f"levels: expected [{TENSOR!r}], got {sorted(tensors)}")
        table = tensors[TENSOR]
        shaped = table.ndim == 2 and 1 <= len(table) <= min(height, _MOST_BANDS)
        if not (shaped and 2 <= table.shape[1] <= _MOST_LEVELS and table.dtype == torch.float32):
            raise ArtefactError(
                f"levels: {TENSOR}: expected float32 [bands, levels], got {table.dtype} of "
                f"{list(table.shape)}"
            )
        if not (table.abs() <= MOST).all():
            raise ArtefactError(f"levels: {TENSOR}: beyond {MOST}, or not finite")
        return cls(table.clone(), height)

    def tensors(self) -> dict[str, Tensor]:
        """What a model file keeps of it."""
        return {TENSOR: self.correction}

    def __call__(self, images: Tensor) -> Tensor:
        """Corrected images [B, C, F, T] in [-1, 1], row 0 the lowest frequency."""
        top = self._rows.shape[1] - 1
        shown = images.clamp(-1.0, 1.0)
        level = (shown + 1.0) * (top / 2)
        below = level.floor().clamp(max=top - 1)
        at = below.long() + torch.arange(len(self._rows))[:, None] * (top + 1)
        table = self._rows.flatten()
        # Operations that round correctly, one by one: a fused one may round its last pixels apart.
        low, share = table[at], level - below
        return (shown + (low + (table[at + 1] - low) * share)).clamp(-1.0, 1.0)
