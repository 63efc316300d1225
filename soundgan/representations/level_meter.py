"""The range and the spread of levels, row by row."""

from __future__ import annotations

import math

import torch
from torch import Tensor


class LevelMeter:
    """Measures levels batch by batch.

    Attributes:
        n_columns: Columns seen.
        highest: Of each row, dB [F]; the floor before any was seen.
        lowest: Of each row, dB [F].

    Args:
        height: Rows F.
        floor_db: Level of silence.
    """

    def __init__(self, height: int, floor_db: float) -> None:
        self.n_columns = 0
        self.highest = torch.full((height,), floor_db)
        self.lowest = torch.full((height,), math.inf)
        self._total = torch.zeros(height, dtype=torch.float64)
        self._squares = torch.zeros(height, dtype=torch.float64)

    def add(self, levels: Tensor) -> None:
        """Look at levels [B, F, T] in dB."""
        self.n_columns += levels.shape[0] * levels.shape[2]
        self._total = self._total + levels.double().sum(dim=(0, 2))
        self._squares = self._squares + levels.double().square().sum(dim=(0, 2))
        self.highest = torch.maximum(self.highest, levels.amax(dim=(0, 2)))
        self.lowest = torch.minimum(self.lowest, levels.amin(dim=(0, 2)))

    @property
    def mean(self) -> Tensor:
        """Of each row, dB, float64 [F]."""
        return self._total / self.n_columns

    @property
    def std(self) -> Tensor:
        """Standard deviation of each row, dB, float64 [F]."""
        return (self._squares / self.n_columns - self.mean.square()).clamp(min=0.0).sqrt()
