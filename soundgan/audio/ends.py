"""Digital silence at both ends of a waveform, to the sample, gathered block by block."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

DITHER = 1.2e-4
"""Samples below this are digital silence: four steps of 16 bits."""

EQUAL = 1e-6
"""Samples at another level than zero are silence where they differ by no more than rounding."""

LEAST_SECONDS = 0.05
"""A level that is not zero and holds for less may be part of a slow wave."""

_GLANCE = 64


class Silence(NamedTuple):
    """Samples at one end of a waveform that say nothing.

    Attributes:
        n_samples: How many.
        level: Their value.
    """

    n_samples: int
    level: float


NOTHING = Silence(0, 0.0)


class EndsBuilder:
    """Takes a waveform in blocks of any size; how it is cut does not matter."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._head: Silence | None = None
        self._tail = NOTHING
        self._all_silent = True

    def add(self, block: NDArray[np.float32]) -> None:
        """Append samples [n], at least one."""
        if self._all_silent:
            before, level = self._head or Silence(0, _level(block[0]))
            for start in (block[:_GLANCE], block):  # most waveforms start with sound
                other = _others(start, level)
                if len(other):
                    break
            self._all_silent = not len(other)
            count = len(block) if self._all_silent else int(other[0])
            self._head = Silence(before + count, level)
        self._tail = self._extended_tail(block)

    def finish(self, sample_rate: int | None = None) -> tuple[Silence, Silence]:
        """The silences at start and end.

        One that is not at zero lasts :data:`LEAST_SECONDS` or longer. Of a waveform that is
        silent altogether nothing is an end.

        Args:
            sample_rate: Hz of the samples that are counted, if it is another.
        """
        if self._all_silent:
            return NOTHING, NOTHING
        ratio = (sample_rate or self._rate) / self._rate
        return self._lasting(self._head or NOTHING, ratio), self._lasting(self._tail, ratio)

    def _lasting(self, end: Silence, ratio: float) -> Silence:
        if end.level != 0 and end.n_samples < LEAST_SECONDS * self._rate:
            return NOTHING
        return Silence(round(end.n_samples * ratio), end.level)

    def _extended_tail(self, block: NDArray[np.float32]) -> Silence:
        level = _level(block[-1])
        for end in (block[-_GLANCE:], block):  # most blocks end in sound
            other = _others(end, level)
            if len(other):
                return Silence(len(end) - 1 - int(other[-1]), level)
        goes_on = not len(_others(np.array([self._tail.level], np.float32), level))
        return Silence(len(block) + (self._tail.n_samples if goes_on else 0), level)


def _level(sample: np.floating) -> float:
    return 0.0 if abs(sample) <= DITHER else float(sample)


def _others(samples: NDArray[np.float32], level: float) -> NDArray[np.intp]:
    """Positions of the samples that lie at another level."""
    return np.flatnonzero(np.abs(samples - np.float32(level)) > (EQUAL if level else DITHER))
