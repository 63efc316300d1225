"""Left and right, and how far they differ."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.level import decibels


def two_channels(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """Left and right [n, 2] of a block [n, channels]: of more the first two, of one it twice."""
    return block[:, :2] if block.shape[1] > 1 else np.repeat(block, 2, axis=1)


class Width:
    """Energies of mid L + R and side L - R, without their constant parts."""

    def __init__(self) -> None:
        self._mid = 0.0
        self._side = 0.0

    def add(self, block: NDArray[np.float32]) -> None:
        """Count a block [n, 2]."""
        left, right = block[:, 0], block[:, 1]
        self._mid += _energy(left + right)
        self._side += _energy(left - right)

    @property
    def side_db(self) -> float | None:
        """Level of the side against the mid, dB: 0 for unrelated channels or a single one.

        Low for channels that are alike, at least -120; ``None`` for silence.
        """
        if self._mid + self._side == 0.0:
            return None
        if self._mid == 0.0:
            return -decibels(0.0)
        return decibels((self._side / self._mid) ** 0.5)


def _energy(waveform: NDArray[np.float32]) -> float:
    moving = waveform - waveform.mean()
    return float(np.einsum("n,n->", moving, moving, dtype=np.float64))
