"""What surrounds data without a margin: the frame of a plot, the panels of an editor's window."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from soundgan.pictures.box import Box
from soundgan.pictures.colours import colormap_distance, detect_colormap, to_level

_SAME = 64
"""A frame's pixels differ by at most so much, in 255; a JPEG stains thin lines."""

_THICKEST = 0.01
"""A frame takes at most this share of the plot's smaller side; matplotlib's takes a third."""

_STEP = 12
"""A straight edge is where colours change by more than this, in 255,"""

_EDGE_SHARE = 0.85
"""in so much of its length."""

_ON_MAP = 0.05
"""Colours of data lie at most this far from their colour map in the mean,"""

_OFF_MAP = 0.08
"""those of a panel in colour at least so far; black to white is 1."""


def frame_thickness(rgb: NDArray[np.uint8], box: Box) -> int:
    """How many pixels wide the frame is that a plot carries on all four sides; 0 for none."""
    part = box.of(rgb)
    deepest = 2 + int(_THICKEST * min(part.shape[:2]))
    sides = [
        part[:deepest],
        part[::-1][:deepest],
        part[:, :deepest].transpose(1, 0, 2),
        part[:, ::-1][:, :deepest].transpose(1, 0, 2),
    ]
    outermost = np.stack([np.median(side[0], axis=0) for side in sides])
    if np.ptp(outermost, axis=0).max() > _SAME:
        return 0
    colour = np.median(outermost, axis=0)
    depths = []
    for side in sides:
        alike = (np.abs(side.astype(np.int16) - colour).max(axis=2) <= _SAME).mean(axis=1)
        other = np.flatnonzero(alike < 0.9)
        depths.append(int(other[0]) if len(other) else deepest)
    return min(depths)


def without_panels(rgb: NDArray[np.uint8], box: Box) -> Box:
    """The part of a box that is left when flat panels beside the data are cut off.

    Straight edges through the whole height or width divide the box; the busiest part is kept,
    unless what would be cut off could be silence or sound in the colours of that part.
    """
    for _ in range(3):
        before = box
        left, right = _busiest_span(box.of(rgb))
        box = _cut(rgb, box, Box(box.left + left, box.top, box.left + right, box.bottom))
        top, bottom = _busiest_span(box.of(rgb).transpose(1, 0, 2))
        box = _cut(rgb, box, Box(box.left, box.top + top, box.right, box.top + bottom))
        if box == before:
            break
    return box


def _busiest_span(part: NDArray[np.uint8]) -> tuple[int, int]:
    """The columns between two straight vertical edges with most happening in them."""
    steps = np.zeros((part.shape[0], part.shape[1] - 1), np.uint8)
    for channel in range(3):
        values = part[:, :, channel].astype(np.int16)
        change = np.abs(np.diff(values, axis=1)).astype(np.uint8)
        np.maximum(steps, change, out=steps)
    edges = np.flatnonzero((steps > _STEP).mean(axis=0) >= _EDGE_SHARE) + 1
    bounds = np.concatenate([[0], edges, [part.shape[1]]]).tolist()
    busy = np.concatenate([[0], np.cumsum((steps > 2).mean(axis=0)), [0.0]])
    spans = [(a, b) for a, b in pairwise(bounds) if b - a >= 8]
    return max(spans, key=lambda span: busy[span[1] - 1] - busy[span[0]], default=(0, bounds[-1]))


def _cut(rgb: NDArray[np.uint8], box: Box, inner: Box) -> Box:
    """``inner`` if nothing of what it leaves out of ``box`` can be data, else ``box``."""
    if inner == box:
        return box
    data = inner.of(rgb)
    found = detect_colormap(data)
    if found.error > _ON_MAP:
        return box
    for rest in (
        Box(box.left, box.top, inner.left, box.bottom),
        Box(inner.right, box.top, box.right, box.bottom),
        Box(box.left, box.top, box.right, inner.top),
        Box(box.left, inner.bottom, box.right, box.bottom),
    ):
        colours = rest.of(rgb)
        if not colours.size or colormap_distance(colours, found.name) > _OFF_MAP:
            continue
        main = np.median(colours.reshape(-1, 3), axis=0).astype(np.uint8)
        flat = float((np.abs(colours.astype(np.int16) - main).max(axis=2) <= _STEP).mean())
        level = float(to_level(main[None, None], found)[0, 0])
        if flat < 0.6 or not 0.04 < level < 0.96:
            return box
    return inner
