"""Levels of waveforms: decibels, peaks, fades, 16-bit samples."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

FLOOR_DB = -120.0
FULL_SCALE = 32768.0
PEAK_DB = -1.0
"""Peak of a normalised clip, dBFS."""


def decibels(amplitude: float) -> float:
    """An amplitude in dB relative to full scale, at least :data:`FLOOR_DB`."""
    return max(FLOOR_DB, 20.0 * math.log10(amplitude)) if amplitude > 0.0 else FLOOR_DB


def amplitude(level_db: float) -> float:
    """The amplitude of a level in dB."""
    return float(10.0 ** (level_db / 20.0))


def fade(waveform: NDArray[np.float32], n_in: int, n_out: int) -> None:
    """Make ``waveform`` [N] or [N, C] start from nothing and end in nothing, in place.

    The ramps are raised cosines of ``n_in`` and ``n_out`` samples; 0 leaves that end alone.
    """
    n_in, n_out = min(n_in, len(waveform)), min(n_out, len(waveform))
    along = waveform.T  # channels, if there are several, before samples
    if n_in:
        along[..., :n_in] *= _ramp(n_in)
    if n_out:
        along[..., -n_out:] *= _ramp(n_out)[::-1]


def peak(waveform: NDArray[np.float32]) -> float:
    """Largest magnitude in ``waveform`` [N] or [N, C]."""
    return max(float(waveform.max()), -float(waveform.min()))


def heights(waveform: NDArray[np.float32]) -> NDArray[np.float32]:
    """Magnitude of every moment [N] of ``waveform`` [N] or [N, C]: that of the loudest channel."""
    magnitude = np.abs(waveform)
    return magnitude if waveform.ndim == 1 else magnitude.max(axis=1)


def quantise(waveform: NDArray[np.float32], into: NDArray[np.int16]) -> None:
    """Write ``waveform`` in [-1, 1] as 16-bit samples; what a 16-bit file held is unchanged."""
    samples = waveform * np.float32(FULL_SCALE)
    np.rint(samples, out=samples)
    into[:] = samples.clip(-32768, 32767, out=samples)


@lru_cache(maxsize=8)
def _ramp(length: int) -> NDArray[np.float32]:
    """Rising from just above 0 to just below 1."""
    phase = (np.arange(length) + 0.5) / length
    return (0.5 - 0.5 * np.cos(np.pi * phase)).astype(np.float32)
