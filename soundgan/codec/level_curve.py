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

_MOST_SECTIONS, _MOST_LEVELS = 64, 1024


class LevelCurve:
    """Moves every level of an image by what its time, its band and the level ask for.

    Between the middles of sections and of bands, and between levels, it is linear; -1, silence,
    stays. An image is corrected pixel by pixel: it does not matter with which others.

    Args:
        correction: float32 [sections, bands, levels]: what is added at evenly spaced levels from
            -1 to 1, in sections of equally many columns, bands of equally many rows, from the
            start and the lowest frequency on.
        height: Rows of the images.
        width: Their columns.
    """

    def __init__(self, correction: Tensor, height: int, width: int) -> None:
        self.correction = correction
        below, above, share = _neighbours(correction.shape[1], height)
        rows = torch.lerp(correction[:, below], correction[:, above], share[:, None])
        self.table = rows.flatten()
        # Where in the table a pixel's row begins, in the section before its column and after.
        first, second, self.share = _neighbours(len(correction), width)
        row = torch.arange(height)[:, None]
        self.before = (first * height + row) * correction.shape[2]
        self.after = (second * height + row) * correction.shape[2]

    @classmethod
    def read(cls, tensors: dict[str, Tensor], height: int, width: int) -> Self:
        """What :meth:`tensors` returned elsewhere.

        Raises:
            ArtefactError: Wrong name, shape, type or values.
        """
        if tensors.keys() != {TENSOR}:
            raise ArtefactError(f"levels: expected [{TENSOR!r}], got {sorted(tensors)}")
        table = tensors[TENSOR]
        if table.ndim == 2:  # models once had one curve for all times
            table = table[None]
        most = min(width, _MOST_SECTIONS), min(height, _MOST_SECTIONS), _MOST_LEVELS
        shaped = table.ndim == 3 and table.shape[2] >= 2
        shaped = shaped and all(1 <= n <= m for n, m in zip(table.shape, most, strict=True))
        if not (shaped and table.dtype == torch.float32):
            raise ArtefactError(
                f"levels: {TENSOR}: expected float32 [sections, bands, levels], got "
                f"{table.dtype} of {list(table.shape)}"
            )
        if not (table.abs() <= MOST).all():
            raise ArtefactError(f"levels: {TENSOR}: beyond {MOST}, or not finite")
        return cls(table.clone(), height, width)

    def tensors(self) -> dict[str, Tensor]:
        """What a model file keeps of it."""
        return {TENSOR: self.correction}

    def __call__(self, images: Tensor) -> Tensor:
        """Corrected images [B, C, F, T] in [-1, 1], row 0 the lowest frequency."""
        top = self.correction.shape[2] - 1
        shown = images.clamp(-1.0, 1.0)
        level = (shown + 1.0) * (top / 2)
        below = level.floor().clamp(max=top - 1)
        at, share = below.long(), level - below
        # Operations that round correctly, one by one: a fused one may round its last pixels apart.
        before, after = (self._between(at + start, share) for start in (self.before, self.after))
        return (shown + (before + (after - before) * self.share)).clamp(-1.0, 1.0)

    def _between(self, at: Tensor, share: Tensor) -> Tensor:
        """The table from place ``at`` that share of the way to the next."""
        low = self.table[at]
        return low + (self.table[at + 1] - low) * share


def _neighbours(parts: int, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """The parts between whose middles places lie, and how far from the first, each [count]."""
    place = (torch.arange(count, dtype=torch.float32) + 0.5) * (parts / count) - 0.5
    place = place.clamp(0.0, parts - 1.0)
    first = place.floor().long().clamp(max=max(0, parts - 2))
    return first, (first + 1).clamp(max=parts - 1), place - first
