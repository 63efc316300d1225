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


def fade(waveform: NDArray[np.float32], n_in: int, n_out: int) -> NDArray[np.float32]:
    """A copy of ``waveform`` [N] that starts from nothing and ends in nothing.

    The ramps are raised cosines of ``n_in`` and ``n_out`` samples; 0 leaves that end alone.
    """
    faded = waveform.copy()
    n_in, n_out = min(n_in, len(faded)), min(n_out, len(faded))
    if n_in:
        faded[:n_in] *= _ramp(n_in)
    if n_out:
        faded[-n_out:] *= _ramp(n_out)[::-1]
    return faded


def quantise(waveform: NDArray[np.float32]) -> NDArray[np.int16]:
    """Waveform in [-1, 1] as 16-bit samples; what a 16-bit file held comes out unchanged."""
    samples = np.rint(waveform * np.float32(FULL_SCALE))
    quantised: NDArray[np.int16] = np.clip(samples, -32768, 32767).astype(np.int16)
    return quantised


@lru_cache(maxsize=8)
def _ramp(length: int) -> NDArray[np.float32]:
    """Rising from just above 0 to just below 1."""
    phase = (np.arange(length) + 0.5) / length
    return (0.5 - 0.5 * np.cos(np.pi * phase)).astype(np.float32)
