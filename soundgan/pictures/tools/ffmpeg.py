"""``ffmpeg -lavfi showspectrumpic``.

Row r from below is bin r; the bin at half the sample rate has none. A column shows a whole number
of samples, rounded down, so that the end of the sound may be missing while the printed times count
to its end. Of long sounds a column is the mean of several windows. Of short ones, where windows
would overlap, FFmpeg 5 and later fill each with these samples alone, under the start of a wide Hann
window, and earlier ones with all. What stands on a logarithmic axis is 20 Hz higher than its
numbers say.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from soundgan.pictures.tools.contract import Columns, Tool, View

_MARGIN, _LEAST_SIDE, _MOST_SIDE = 64, 95, 165
"""Above and below the plot, and at both sides; those grow with the sample rate."""

_BLACK = 8
_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000)
_NEAR_RATE = 0.035
"""So far from the sample rate is twice the upper edge of a logarithmic axis at most."""

_PRINTED = 1.0005
"""Durations are read no more exactly than this, from times of two decimals."""


def signs(view: View) -> str:
    """Its colours, or a legend whose margins are as no other program's."""
    if view.colormap.startswith("ffmpeg_"):
        return "its colours"
    height, width = view.rgb.shape[:2]
    left, right = view.box.left, width - view.box.right
    high = view.box.top == height - view.box.bottom == _MARGIN
    if not (high and left == right and _LEAST_SIDE <= left <= _MOST_SIDE):
        return ""
    corner = view.rgb[: _MARGIN // 2, : _LEAST_SIDE // 4]
    return "the margins of its legend" if int(corner.max()) <= _BLACK else ""


def columns(levels: NDArray[np.float32], seconds: float, top_hz: float) -> Columns:
    """See the head of this file."""
    n_rows, n_columns = levels.shape
    rate = _rate(2.0 * top_hz)
    share = seconds * rate / n_columns
    window = 2 * n_rows
    n_windows = max(1, math.ceil(share / window / _PRINTED))
    hop = max(1, math.floor(share / n_windows * _PRINTED))
    step = hop * max(1, math.floor(share * _PRINTED / hop))
    used = min(hop, window)
    if not _is_padded(levels, window / used):
        used = window
    weights = np.sin(np.pi * (np.arange(used) + 0.5) / window) ** 4  # Hann, squared
    middle = float((weights * (np.arange(used) + 0.5)).sum() / weights.sum())
    first = middle + (step - hop) / 2.0
    return Columns(first / share, step / share, min(2 * used, window) / rate)


def _is_padded(levels: NDArray[np.float32], factor: float) -> bool:
    """Whether so many rows change as little as windows padded with silence do."""
    apart = min(round(factor), len(levels) - 1)
    if apart < 2:
        return False
    near, far = (float(np.abs(levels[n:] - levels[:-n]).mean()) for n in (1, apart))
    return near < far / math.sqrt(apart)


def _rate(hz: float) -> float:
    """The sample rate in common use that is near, or what it is."""
    nearest = min(_RATES, key=lambda rate: abs(rate - hz))
    return nearest if abs(nearest / hz - 1.0) <= _NEAR_RATE else hz


FFMPEG = Tool("ffmpeg", signs, range_db=120.0, log_raised_hz=20.0, rows=(0.5, 0.5), columns=columns)
