"""Sounds cut and levelled for the keys of a sampler."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.finish import QUIETEST, TRIM_DB
from soundgan.audio.level import PEAK_DB, amplitude, fade, heights, peak

CUT_FADE_SECONDS = 0.001
"""Of the fade at a cut, and of what is left in front of the first audible sample."""

LOUDEST_SECONDS = 0.1
"""Length of the loudest part of a sound, by which loudness is compared."""

LEVELS = ("peak", "loudness", "as-made")


def cut(waveform: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """A copy [M] of ``waveform`` [N] without the silence around it, 60 dB below its peak.

    Where something is cut off, a millisecond fades. Stereo [N, 2] is cut as one. Silence becomes
    its first millisecond.
    """
    margin = max(1, round(CUT_FADE_SECONDS * sample_rate))
    highest = peak(waveform)
    if highest == 0.0:
        return waveform[:margin].copy()
    audible = np.flatnonzero(heights(waveform) >= highest * amplitude(-TRIM_DB))
    start = max(0, int(audible[0]) - margin)
    stop = min(len(waveform), int(audible[-1]) + 1 + margin)
    kept = waveform[start:stop].copy()
    fade(kept, margin if start else 0, margin if stop < len(waveform) else 0)
    return kept


def loudness(waveform: NDArray[np.float32], sample_rate: int) -> float:
    """Root mean square of the loudest 100 ms as the ear weighs frequencies (A-weighting).

    The energies of both channels of stereo [N, 2] count together.

    References:
        IEC 61672-1, the analytic curve A(f), here with A(1 kHz) = 1.
    """
    spectrum = np.fft.rfft(waveform.T.astype(np.float64))
    squares = np.fft.rfftfreq(len(waveform), 1.0 / sample_rate) ** 2
    curve = (
        12194.0**2
        * squares**2
        / (
            (squares + 20.6**2)
            * np.sqrt((squares + 107.7**2) * (squares + 737.9**2))
            * (squares + 12194.0**2)
        )
    )
    heard = np.fft.irfft(spectrum * curve * 10**0.1, n=len(waveform))
    size = max(1, round(LOUDEST_SECONDS * sample_rate))
    power = (heard**2).reshape(-1, len(waveform)).sum(axis=0)
    sums = np.concatenate([[0.0], np.cumsum(power)])
    if len(heard) <= size:
        return float(np.sqrt(sums[-1] / size))
    return float(np.sqrt(np.max(sums[size:] - sums[:-size]) / size))


def gains(waveforms: Sequence[NDArray[np.float32]], sample_rate: int, level: str) -> list[float]:
    """A factor for each sound.

    Args:
        waveforms: All sounds of a kit.
        sample_rate: Hz.
        level: ``peak`` brings every peak to -1 dBFS, ``loudness`` all to one loudness and the
            highest peak to -1 dBFS, ``as-made`` nothing. Sounds below -40 dBFS stay.
    """
    peaks = [peak(waveform) for waveform in waveforms]
    target = amplitude(PEAK_DB)
    if level == "peak":
        return [target / highest if highest >= QUIETEST else 1.0 for highest in peaks]
    if level == "as-made":
        return [1.0] * len(peaks)
    heard = [loudness(waveform, sample_rate) for waveform in waveforms]
    even = [
        1.0 / loud if highest >= QUIETEST and loud > 0.0 else 0.0
        for highest, loud in zip(peaks, heard, strict=True)
    ]
    highest = max((p * factor for p, factor in zip(peaks, even, strict=True)), default=0.0)
    return [factor * target / highest if factor else 1.0 for factor in even]
