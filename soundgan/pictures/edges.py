"""What surrounds data without a margin: the frame of a plot, the panels of an editor's window."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from soundgan.pictures.box import Box
from soundgan.pictures.colours import (
    ColourMap,
    colormap_distance,
    detect_colormap,
    sampled_levels,
)

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

_LINE = 3
"""Pixels; a thinner strip is a border where there is a panel too, else a stain of a JPEG."""

_SILENT_SHARE = 0.5
"""Silence is so much of what lies on both sides of a sound over all frequencies."""

_FLAT_COLOURS = 4
"""A panel has so few colours, beside its letters."""


def without_frame(rgb: NDArray[np.uint8], box: Box) -> Box:
    """The inside of a plot that carries a line of one colour on all four sides; else all of it.

    The line is equally thick everywhere: what goes on alike on one side only is data, and so is
    what goes on alike on all sides.
    """
    depth, deepest = _frame(rgb, box)
    # Data as dark as the frame inside it does not end: then the frame is a line of one pixel.
    return _inner(box, 1 if depth == deepest else depth)


def without_line(rgb: NDArray[np.uint8], box: Box) -> Box:
    """A stated box without a frame that it was cut around by eye; all of it where none is sure."""
    depth, deepest = _frame(rgb, box)
    return box if depth == deepest else _inner(box, depth)


def _inner(box: Box, depth: int) -> Box:
    return Box(box.left + depth, box.top + depth, box.right - depth, box.bottom - depth)


def _frame(rgb: NDArray[np.uint8], box: Box) -> tuple[int, int]:
    """How thick a line of one colour goes around the inside of a box, and how thick it may be."""
    part = box.of(rgb)
    deepest = 2 + int(_THICKEST * min(part.shape[:2]))
    sides = [
        part[:, :deepest].transpose(1, 0, 2),
        part[:deepest],
        part[:, ::-1][:, :deepest].transpose(1, 0, 2),
        part[::-1][:deepest],
    ]
    outermost = np.stack([np.median(side[0], axis=0) for side in sides])
    if np.ptp(outermost, axis=0).max() > _SAME:
        return 0, deepest
    colour = np.median(outermost, axis=0)
    depths = []
    for side in sides:
        alike = (np.abs(side.astype(np.int16) - colour).max(axis=2) <= _SAME).mean(axis=1)
        other = np.flatnonzero(alike < 0.9)
        depths.append(int(other[0]) if len(other) else deepest)
    return min(depths), deepest


def without_panels(rgb: NDArray[np.uint8], box: Box) -> Box:
    """The part of a box that is left when flat panels beside the data are cut off.

    Straight edges through the whole height or width divide the box; the busiest part is kept,
    unless what would be cut off could be silence or sound in the colours of that part.
    """
    whole = box
    for _ in range(3):
        before = box
        for across in (True, False):
            box = _cut(rgb, box, across=across, lines=box != whole)
        if box == before:
            break
    return box


def _spans(part: NDArray[np.uint8]) -> tuple[list[int], tuple[int, int]]:
    """Straight vertical edges, and the columns between two of them with most happening in them."""
    steps = np.zeros((part.shape[0], part.shape[1] - 1), np.uint8)
    for channel in range(3):
        values = part[:, :, channel].astype(np.int16)
        change = np.abs(np.diff(values, axis=1)).astype(np.uint8)
        np.maximum(steps, change, out=steps)
    edges = np.flatnonzero((steps > _STEP).mean(axis=0) >= _EDGE_SHARE) + 1
    bounds = np.concatenate([[0], edges, [part.shape[1]]]).tolist()
    busy = np.concatenate([[0], np.cumsum((steps > 2).mean(axis=0)), [0.0]])
    spans = [(a, b) for a, b in pairwise(bounds) if b - a >= 8]
    inner = max(spans, key=lambda span: busy[span[1] - 1] - busy[span[0]], default=(0, bounds[-1]))
    return bounds, inner


def _cut(rgb: NDArray[np.uint8], box: Box, *, across: bool, lines: bool) -> Box:
    """``box`` without what lies at the left and right of it, or above and below, and is no data.

    Lines at its edge are cut off only beside a panel, or where one has been: ``lines``.
    """
    part = box.of(rgb) if across else box.of(rgb).transpose(1, 0, 2)
    bounds, (first, last) = _spans(part)
    if (first, last) == (0, bounds[-1]):
        return box
    inner = part[:, first:last]
    found = detect_colormap(inner if across else inner.transpose(1, 0, 2))
    if found.error > _ON_MAP:
        return box
    low, panel_low = _panels([b for b in bounds if b <= first], part, inner, found)
    high, panel_high = _panels([b for b in bounds[::-1] if b >= last], part, inner, found)
    lines = lines or panel_low or panel_high
    start = low if panel_low or (lines and low <= _LINE) else 0
    stop = high if panel_high or (lines and bounds[-1] - high <= _LINE) else bounds[-1]
    if across:
        return replace(box, left=box.left + start, right=box.left + stop)
    return replace(box, top=box.top + start, bottom=box.top + stop)


def _panels(
    bounds: list[int], part: NDArray[np.uint8], inner: NDArray[np.uint8], found: ColourMap
) -> tuple[int, bool]:
    """Where data begin after the panels and lines at one side, and whether there is a panel.

    Args:
        bounds: Straight edges, from the outermost to that of the inner part.
        part: Colours [H, W, 3], with the data in ``inner``.
        inner: The busiest part.
        found: Its colour map.
    """
    if abs(bounds[0] - bounds[-1]) <= _LINE:
        return bounds[-1], False
    panel = False
    for a, b in pairwise(bounds):
        if abs(a - b) <= _LINE:
            continue
        if not _is_panel(part, a, b, inner, found):
            # Other data, such as clicks, may lie between the panels and the busiest part.
            return (a, True) if panel else _all_at_once(bounds, part, inner, found)
        panel = True
    return bounds[-1], panel


def _all_at_once(
    bounds: list[int], part: NDArray[np.uint8], inner: NDArray[np.uint8], found: ColourMap
) -> tuple[int, bool]:
    """As :func:`_panels`, of all that lies at one side together."""
    panel = _is_panel(part, bounds[0], bounds[-1], inner, found)
    return (bounds[-1], True) if panel else (bounds[0], False)


def _is_panel(
    part: NDArray[np.uint8], a: int, b: int, inner: NDArray[np.uint8], found: ColourMap
) -> bool:
    """Whether what lies between two edges is no data, nor silence as there is inside."""
    strip = part[:, min(a, b) : max(a, b)]
    return _is_flat_or_off(strip, found) and not _goes_on(strip, inner)


def _goes_on(strip: NDArray[np.uint8], inside: NDArray[np.uint8]) -> bool:
    """Whether the colour of most of a strip is common inside too: silence beside a click."""
    coarse = (strip >> 2).astype(np.int64) @ np.array([4096, 64, 1])
    common = coarse == np.bincount(coarse.reshape(-1)).argmax()
    colour = np.median(strip[common], axis=0)
    if _share_of(colour, strip) < _SILENT_SHARE:
        return False
    return _share_of(colour, inside) >= _SILENT_SHARE


def _share_of(colour: NDArray[np.float64], part: NDArray[np.uint8]) -> float:
    """How much of a part has about one colour."""
    alike = np.abs(part.astype(np.int16) - colour.astype(np.int16)).max(axis=2) <= _STEP
    return float(alike.mean())


def _is_flat_or_off(strip: NDArray[np.uint8], colormap: ColourMap) -> bool:
    """Whether a strip beside data is no data: colours off the map, or a few flat ones.

    A flat strip in the colour of silence, or of the loudest sound, may be data.
    """
    if colormap_distance(strip, colormap.name) > _OFF_MAP:
        return True
    coarse = (strip >> 2).astype(np.int64) @ np.array([4096, 64, 1])
    flat = np.sort(np.bincount(coarse.reshape(-1)))[-_FLAT_COLOURS:].sum() / coarse.size
    levels = sampled_levels(strip, colormap)
    extreme = float(((levels < 0.02) | (levels > 0.98)).mean())
    return bool(flat > 0.7 and extreme < 0.2)
