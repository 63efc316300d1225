"""All that is looked at in clips, before any of them are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.evaluation.classifier import side_by_side
from soundgan.evaluation.patches import cell_statistics
from soundgan.evaluation.quantities import measure
from soundgan.evaluation.ripples import ripples_of
from soundgan.evaluation.view import N_ROWS, VIEWS
from soundgan.pipelines.evaluate.sound_set import waveforms_of
from soundgan.runtime.threads import map_in_threads

_BLOCK_SAMPLES = 1 << 19
"""Samples that a thread looks at at a time. Of long clips no picture is kept, only what is reduced
from it: memory does not grow with their length."""


@dataclass(frozen=True, eq=False)
class Looks:
    """What is seen of some clips.

    Attributes:
        pictures: Both views, reduced, [n, 2, 64, 64] in [-1, 1].
        cells: Statistics of the cells of each view's picture, float32 [n, S], by its name.
        quantities: In the order of ``quantities_of``, NaN for silent clips, float64 [n, Q].
        ripples: Of their spectrograms, float32 [n, R], by axis.
    """

    pictures: Tensor
    cells: dict[str, Tensor]
    quantities: Tensor
    ripples: dict[str, Tensor]

    def __len__(self) -> int:
        return len(self.pictures)

    def rows(self, index: Tensor) -> Looks:
        """Some of them."""
        return Looks(
            self.pictures[index],
            {name: cells[index] for name, cells in self.cells.items()},
            self.quantities[index],
            {name: ripples[index] for name, ripples in self.ripples.items()},
        )


def look_at(samples: NDArray[np.int16], sample_rate: int) -> Looks:
    """Look at stored samples, [n, N] or [n, C, N]."""
    n_clips = max(1, _BLOCK_SAMPLES // max(1, samples[0].size))
    parts = [samples[start : start + n_clips] for start in range(0, len(samples), n_clips)]
    return joined(map_in_threads(lambda part: _look(part, sample_rate), parts))


def joined(parts: Sequence[Looks]) -> Looks:
    """All of them as one."""
    return Looks(
        torch.cat([part.pictures for part in parts]),
        {name: torch.cat([part.cells[name] for part in parts]) for name in parts[0].cells},
        torch.cat([part.quantities for part in parts]),
        {name: torch.cat([part.ripples[name] for part in parts]) for name in parts[0].ripples},
    )


def _look(samples: NDArray[np.int16], sample_rate: int) -> Looks:
    waveforms = torch.from_numpy(waveforms_of(samples))
    if waveforms.ndim == 2:
        waveforms = waveforms[:, None]
    pictures = [view.look(waveforms, sample_rate) for view in VIEWS]
    return Looks(
        side_by_side(pictures),
        {
            view.name: cell_statistics(picture.double(), N_ROWS, view.n_columns).float()
            for view, picture in zip(VIEWS, pictures, strict=True)
        },
        measure(waveforms, sample_rate),
        ripples_of(waveforms, sample_rate),
    )
