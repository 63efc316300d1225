"""Two panes of one frame, as sox draws stereo: a line of the frame's colour halves the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from soundgan.pictures.box import Box

_SAME = 24
"""Pixels of the line differ from the frame by no more than this, in 255,"""

_SHARE = 0.97
"""in so much of its length."""

_OFF_MIDDLE = 0.01
"""The line is no further from the middle than so much of the height,"""

_THICKEST = 3
"""and no thicker than so many pixels."""

_LEAST_HEIGHT = 32


def panes_of(rgb: NDArray[np.uint8], box: Box) -> list[Box]:
    """The two panes of a framed box, the upper one first; the box itself where it is one.

    Args:
        rgb: The picture [H, W, 3].
        box: A plot, without its frame.
    """
    if box.height < _LEAST_HEIGHT or box.top < 1 or box.bottom >= len(rgb):
        return [box]
    edges = rgb[[box.top - 1, box.bottom], box.left : box.right].astype(np.int16)
    colour = np.median(edges[0], axis=0)
    if not (_is_line(edges[:1], colour)[0] and _is_line(edges[1:], colour)[0]):
        return [box]
    part = box.of(rgb).astype(np.int16)
    reach = max(2, round(_OFF_MIDDLE * box.height))
    first = box.height // 2 - reach
    lines = _is_line(part[first - _THICKEST : first + 2 * reach + _THICKEST], colour)
    rows = np.flatnonzero(lines) + first - _THICKEST
    if not 1 <= len(rows) <= _THICKEST or np.ptp(rows) != len(rows) - 1:
        return [box]
    upper = replace(box, bottom=box.top + int(rows[0]))
    lower = replace(box, top=box.top + int(rows[-1]) + 1)
    return [upper, lower] if abs(upper.height - lower.height) <= 2 * reach else [box]


def framed_with(box: Box, others: Sequence[Box]) -> Box:
    """The whole frame of a pane, which one colour bar stands beside; else the box itself."""
    for other in others:
        gap = max(box.top, other.top) - min(box.bottom, other.bottom)
        if (box.left, box.right) == (other.left, other.right) and 0 < gap <= _THICKEST:
            top, bottom = min(box.top, other.top), max(box.bottom, other.bottom)
            return replace(box, top=top, bottom=bottom)
    return box


def _is_line(rows: NDArray[np.int16], colour: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which rows [n, W, 3] have one colour nearly all along."""
    alike = np.abs(rows - colour).max(axis=2) <= _SAME
    return np.asarray(alike.mean(axis=1) >= _SHARE, np.bool_)
