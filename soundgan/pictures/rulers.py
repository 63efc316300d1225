"""A ruler beside data with no line between: told from the data by its calm and its labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from soundgan.pictures.box import Box
from soundgan.pictures.text.words import words_in

_STIRS = 3
"""Neighbours along a side that differ by more than this, in 255, are not calm."""

_CALM = 0.3
"""Between labels and data a ruler has less than so much of the unrest of the data,"""

_TICKS = 0.6
"""and up to its ticks less than so much;"""

_LEAST_UNREST = 0.1
"""data have at least so much."""

_GAP = 3
_LEAST_DEPTH, _MOST_DEPTH = 12, 0.3
"""Pixels of a ruler from its side; and at most so much of the picture."""

_LEAST_SIDE = 16
_INK = 40
_BESIDE = 32
"""Data begin where the calm ends, if its last ink is no further away, in pixels; else after it."""

_LEAST_LABELS = 3
_SPAN = 0.4
"""The labels of a ruler take at least so much of its length,"""

_UNEVEN = 0.15
"""and stand so evenly."""

_CERTAIN = 0.3


def without_rulers(rgb: NDArray[np.uint8], box: Box) -> Box:
    """A box without the rulers at its sides.

    Where silence has the colour of a ruler's ground, there is no straight edge between the two.
    But in data something stirs in every column and row, and a ruler has evenly spaced labels.

    Args:
        rgb: The picture [H, W, 3].
        box: The data, and perhaps rulers.
    """
    for side in ("left", "right", "top", "bottom"):
        depth = _depth(_from_side(box.of(rgb), side))
        if depth and _has_labels(rgb, _strip(box, side, depth), upright=side in ("left", "right")):
            box = _cut(box, side, depth)
    return box


def _from_side(part: NDArray[np.uint8], side: str) -> NDArray[np.int16]:
    """Colours [H, W, 3] turned so that a side is at the left."""
    if side in ("top", "bottom"):
        part = part.transpose(1, 0, 2)
    return (part if side in ("left", "top") else part[:, ::-1]).astype(np.int16)


def _depth(part: NDArray[np.int16]) -> int:
    """Columns at the left up to where data begin behind a calm gap; 0 where they do not."""
    if part.shape[0] < _LEAST_SIDE:
        return 0
    unrest = (np.abs(np.diff(part, axis=0)).max(axis=2) > _STIRS).mean(axis=0)
    usual = float(np.median(unrest))
    if usual < _LEAST_UNREST:
        return 0
    most = int(_MOST_DEPTH * len(unrest))
    gaps = _in_a_row(unrest[:most] < _CALM * usual, _GAP)
    stirs = _in_a_row(unrest >= _TICKS * usual, 3)
    behind = stirs[stirs > gaps[-1]] if len(gaps) else stirs[:0]
    depth = int(behind[0]) if len(behind) else 0
    if not _LEAST_DEPTH <= depth <= most:
        return 0
    calm = part[:, :depth]
    inked = (np.abs(calm - np.median(calm, axis=(0, 1))).max(axis=2) > _INK).any(axis=0)
    if not inked.any():
        return 0
    ends = int(np.flatnonzero(inked)[-1]) + 1
    return depth if depth - ends <= _BESIDE else ends


def _in_a_row(these: NDArray[np.bool_], n: int) -> NDArray[np.int64]:
    """Where ``n`` of these follow each other: the first of each."""
    if len(these) < n:
        return np.empty(0, np.int64)
    return np.flatnonzero(np.lib.stride_tricks.sliding_window_view(these, n).all(axis=1))


def _strip(box: Box, side: str, depth: int) -> Box:
    """So many pixels from a side of a box."""
    return {
        "left": replace(box, right=box.left + depth),
        "right": replace(box, left=box.right - depth),
        "top": replace(box, bottom=box.top + depth),
        "bottom": replace(box, top=box.bottom - depth),
    }[side]


def _cut(box: Box, side: str, depth: int) -> Box:
    moved = getattr(box, side) + (depth if side in ("left", "top") else -depth)
    return replace(box, **{side: moved})


def _has_labels(rgb: NDArray[np.uint8], strip: Box, *, upright: bool) -> bool:
    """Whether evenly spaced words stand along most of a strip."""
    words = [word for word in words_in(rgb, strip) if word.certainty > _CERTAIN]
    places = np.unique([word.y if upright else word.x for word in words])
    if len(places) < _LEAST_LABELS:
        return False
    steps = np.diff(places)
    length = strip.height if upright else strip.width
    off = np.abs(steps / np.median(steps) - np.rint(steps / np.median(steps)))
    even = float((off <= _UNEVEN).mean()) >= 0.75
    return even and float(np.ptp(places)) >= _SPAN * length
