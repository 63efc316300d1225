"""From the rows of a picture, on whatever frequency axis, to the evenly spaced bins of an STFT."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray

from soundgan.audio.mel import hz_to_mel, mel_to_hz
from soundgan.errors import UsageError
from soundgan.registry import did_you_mean

AXES = ("linear", "log", "mel", "mel_htk", "librosa_log", "librosa_mel")
"""Frequency axes; ``mel`` is the scale of librosa, ``mel_htk`` that of HTK and torchaudio. Those of
librosa's plots are linear up to 65.4 Hz or 1 kHz and octaves of equal height above, with 1 or 2
octaves' height below: what ``specshow`` draws for ``log`` and ``mel``.
"""

_MEL_SCALES = {"mel": "slaney", "mel_htk": "htk"}

_LIBROSA = {"librosa_log": (440.0 * 2.0 ** (-33 / 12), 1.0), "librosa_mel": (1000.0, 2.0)}
"""Hz up to which librosa's axes are linear, C2 for the first, and octaves of height below."""


_LOWEST_HZ = {"log": 0.0, "mel_htk": -600.0}
"""Where these axes end; on the others, linear there, a frame or margin reaches below 0 Hz."""


def to_linear_bins(
    levels: NDArray[np.float32],
    *,
    axis: str,
    f_min_hz: float,
    f_max_hz: float,
    sample_rate: int,
    n_fft: int,
    outside: float = 0.0,
    raised_hz: float = 0.0,
) -> NDArray[np.float32]:
    """Levels at the bins of an STFT, whatever they measure: decibels, or shares of a range.

    A bin is the mean of the rows around its frequency, weighted by a triangle that reaches to the
    next bins or the next rows, whichever are further.

    Args:
        levels: [F, T], row 0 the lowest; rows share the axis from ``f_min_hz`` to ``f_max_hz``
            evenly, and each has its frequency in its middle.
        axis: One of :data:`AXES`.
        f_min_hz: Lower edge of the lowest row; above 0 for ``log``.
        f_max_hz: Upper edge of the highest row.
        sample_rate: Hz.
        n_fft: Transform size; there are ``n_fft // 2 + 1`` bins.
        outside: Level of bins below and above the picture's frequencies.
        raised_hz: So much higher than the axis says are the frequencies.

    Returns:
        [n_bins, T] float32.

    Raises:
        UsageError: No such axis, or frequencies that it cannot have.
    """
    lowest = max(-f_max_hz, _LOWEST_HZ.get(axis, -f_max_hz))
    if not (math.isfinite(f_max_hz) and lowest <= f_min_hz < f_max_hz):
        raise UsageError(
            f"`f_max={f_max_hz:g}`: must be above the lowest frequency, {f_min_hz:g} Hz"
        )
    if axis == "log" and f_min_hz == 0.0:
        raise UsageError("`axis=log`: needs a lowest frequency above 0 Hz, such as `f_min=20`")
    n_rows = len(levels)
    hz = np.arange(n_fft // 2 + 1, dtype=np.float64) * (sample_rate / n_fft) - raised_hz
    low, high = height_of(np.array([f_min_hz, f_max_hz]), axis)
    # Rows as a continuous count: the middle of row r is at r.
    inside = (hz >= f_min_hz) & (hz <= f_max_hz)
    place = (height_of(hz[inside], axis) - low) / (high - low) * n_rows - 0.5
    grid = np.full((len(hz), levels.shape[1]), outside, np.float32)
    if inside.any():
        grid[inside] = _weights(place.clip(0.0, n_rows - 1.0), n_rows) @ levels
    return grid


def demand_axis(axis: str | None) -> None:
    """Refuse the name of no axis.

    Raises:
        UsageError: No such axis.
    """
    if axis is not None and axis not in AXES:
        raise _unknown(axis)


def height_of(hz: NDArray[np.float64], axis: str) -> NDArray[np.float64]:
    """How high frequencies stand on an axis, in a unit of its own.

    Raises:
        UsageError: No such axis.
    """
    if axis == "linear":
        return hz
    if axis == "log":
        return np.log(hz)
    if axis in _MEL_SCALES:
        scale = _MEL_SCALES[axis]
        return np.array([hz_to_mel(value, scale) for value in hz.tolist()], np.float64)
    if axis in _LIBROSA:
        return _symmetric_log(hz, *_LIBROSA[axis])
    raise _unknown(axis)


def _unknown(axis: str) -> UsageError:
    return UsageError(f"`axis={axis}`: no such axis; {did_you_mean(axis, AXES)}")


def hz_of(heights: NDArray[np.float64], axis: str) -> NDArray[np.float64]:
    """The frequencies that stand at heights: the inverse of :func:`height_of`.

    Raises:
        UsageError: No such axis.
    """
    if axis == "linear":
        return heights
    if axis == "log":
        return np.exp(heights)
    if axis in _MEL_SCALES:
        mels = mel_to_hz(torch.from_numpy(heights), _MEL_SCALES[axis])
        return np.asarray(mels.numpy(), np.float64)
    if axis in _LIBROSA:
        threshold_hz, octaves_below = _LIBROSA[axis]
        above = np.maximum(heights - octaves_below, 0.0)
        octaves: NDArray[np.float64] = np.where(
            heights <= octaves_below, heights / octaves_below, 2.0**above
        )
        return np.asarray(threshold_hz * octaves, np.float64)
    raise _unknown(axis)


def _symmetric_log(
    hz: NDArray[np.float64], threshold_hz: float, octaves_below: float
) -> NDArray[np.float64]:
    """Octaves above a threshold, and a straight line to 0 Hz below it."""
    ratio = hz / threshold_hz
    return np.where(
        ratio <= 1.0, octaves_below * ratio, octaves_below + np.log2(np.maximum(ratio, 1.0))
    )


def _weights(place: NDArray[np.float64], n_rows: int) -> NDArray[np.float32]:
    """Shares [n, n_rows] of the rows in bins at rising, fractional rows; each bin's sum is 1."""
    gaps = np.diff(place, prepend=place[:1], append=place[-1:])
    below, above = np.maximum(gaps[:-1], 1.0), np.maximum(gaps[1:], 1.0)
    offset = np.arange(n_rows)[None] - place[:, None]
    reach = np.where(offset < 0, below[:, None], above[:, None])
    weights = np.maximum(1.0 - np.abs(offset) / reach, 0.0)
    shares: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return shares.astype(np.float32)
