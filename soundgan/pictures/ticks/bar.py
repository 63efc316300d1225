"""The colour bar beside a plot: which colour stands for which level, as its numbers say."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from soundgan.pictures.box import Box
from soundgan.pictures.ticks.beside import Beside, beside, common_unit, strip_of
from soundgan.pictures.ticks.numbers import DECIBELS, HZ, SECONDS
from soundgan.pictures.ticks.ruler import Label, Ruler, fitted

_ALIKE = 24
"""Colours across a bar differ by no more than this, in 255,"""

_ALIKE_SHARE = 0.9
"""in so many of its lines: others have a tick."""

_LEAST_ACROSS, _MOST_ACROSS = 4, 0.25
"""Pixels across a bar at least; and at most so much of the plot."""

_LEAST_ALONG = 0.25
"""A bar is so long at least, measured by the plot."""

_LEAST_COLOURS = 10
_STEP = 48
"""Nine of ten neighbours along a bar differ by no more than this, in 255."""

_PAGE = 12
_FADES = 32
"""A bar whose end is no further from the colour of the page ends where the plot does,"""

_NEAR_END = 0.15
"""if that is no further away than so much of the plot."""

_AT_END = 1.75
"""A number stands at the end of a bar if it is no further away, in pixels."""

_FRAME = 3
_ROOM = 160
_MARGIN = 8

_ROOTS = {2: "square", 3: "cube", 4: "fourth", 5: "fifth"}
_LEAST_ROOTS, _ROUNDED = 5, 0.02
"""So many numbers tell the root that their steps are equal in; lesser ones are rounded too far."""

_LEAST_DB, _MOST_DB = 15.0, 300.0
_SAMPLES = 256


@dataclass(frozen=True, eq=False)
class Bar:
    """A colour bar.

    Attributes:
        side: Where it lies beside the plot.
        box: Its colours, without a frame.
        levels: ``db``, ``amplitude`` or ``power``; ``power:0.5`` for its square root, and so on.
        low: Value of its lowest colour.
        high: Value of its highest colour.
        colours: From the lowest to the highest value, [256, 3] in 0..255.
        why: What its values were read from, in a few words.
    """

    side: str
    box: Box
    levels: str
    low: float
    high: float
    colours: NDArray[np.float32]
    why: str


def read_bar(rgb: NDArray[np.uint8], box: Box) -> Bar | None:
    """The colour bar of a plot; ``None`` where there is none, or its numbers cannot be read.

    Args:
        rgb: The picture [H, W, 3].
        box: The plot.
    """
    for side in ("right", "left", "bottom", "top"):
        found = _find(rgb, box, side)
        bar = None if found is None else _read(rgb, box, found, side)
        if bar is not None:
            return bar
    return None


def _find(rgb: NDArray[np.uint8], box: Box, side: str) -> Box | None:
    """The nearest strip at one side whose colours change along it and not across."""
    upright = side in ("right", "left")
    room = rgb.shape[1] if upright else rgb.shape[0]
    part = _clipped(strip_of(rgb, box, side, room), rgb)
    strip = part.of(rgb) if upright else part.of(rgb).swapaxes(0, 1)
    along = box.height if upright else box.width
    across = box.width if upright else box.height
    if strip.shape[1] < _LEAST_ACROSS + 1 or strip.shape[0] < 16:
        return None
    groups = [
        (first, last)
        for first, last in _groups(strip.astype(np.int16))
        if _LEAST_ACROSS <= last - first <= _MOST_ACROSS * across
    ]
    if side in ("left", "top"):
        groups.reverse()
    start, offset = (part.top, part.left) if upright else (part.left, part.top)
    ends = (
        (box.top - start, box.bottom - start) if upright else (box.left - start, box.right - start)
    )
    page = _page(strip, groups)
    for first, last in groups:
        inside = strip[:, first + (last - first > 6) : last - (last - first > 6)]
        line = np.median(inside, axis=1).astype(np.int16)
        extent = _extent(line, page, ends)
        if extent is None or extent[1] - extent[0] < _LEAST_ALONG * along:
            continue
        low, high = start + extent[0], start + extent[1]
        left, right = offset + first, offset + last
        return Box(left, low, right, high) if upright else Box(low, left, high, right)
    return None


def _clipped(part: Box, rgb: NDArray[np.uint8]) -> Box:
    """A part without what lies outside of the picture."""
    height, width = rgb.shape[:2]
    return replace(
        part,
        left=max(0, part.left),
        top=max(0, part.top),
        right=min(width, part.right),
        bottom=min(height, part.bottom),
    )


def _groups(strip: NDArray[np.int16]) -> list[tuple[int, int]]:
    """First column, and column after the last, of those that are alike and have many colours."""
    alike = (np.abs(np.diff(strip, axis=1)).max(axis=2) <= _ALIKE).mean(axis=0) >= _ALIKE_SHARE
    coarse = (strip >> 4) @ np.array([256, 16, 1], np.int16)
    many = np.array([len(np.unique(column)) >= _LEAST_COLOURS for column in coarse.T])
    joined = alike & many[1:] & many[:-1]
    edges = np.diff(np.pad(joined, (1, 1)).astype(np.int8))
    firsts, lasts = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return [(int(a), int(b) + 1) for a, b in zip(firsts, lasts, strict=True)]


def _page(strip: NDArray[np.uint8], groups: list[tuple[int, int]]) -> NDArray[np.int16]:
    """The most common colour of a strip beside its bars."""
    beside_bars = np.ones(strip.shape[1], np.bool_)
    for first, last in groups:
        beside_bars[first:last] = False
    colours = strip[:, beside_bars].reshape(-1, 3).astype(np.int16)
    if not len(colours):
        return np.full(3, 255, np.int16)
    coarse = ((colours >> 4) @ np.array([256, 16, 1], np.int16)).astype(np.int64)
    common = coarse == np.bincount(coarse).argmax()
    return np.asarray(np.median(colours[common], axis=0), np.int16)


def _extent(
    line: NDArray[np.int16], page: NDArray[np.int16], ends: tuple[int, int]
) -> tuple[int, int] | None:
    """Where a bar begins and ends along its middle [n, 3]; ``None`` where it is no bar."""
    marked = np.flatnonzero(np.abs(line - page).max(axis=1) > _PAGE)
    if len(marked) < 16:
        return None
    first, last = int(marked[0]), int(marked[-1]) + 1
    first += _frame(line[first:last])
    last -= _frame(line[first:last][::-1])
    steps = np.abs(np.diff(line[first:last], axis=0)).max(axis=1, initial=0)
    coarse = (line[first:last] >> 4) @ np.array([256, 16, 1], np.int16)
    if len(np.unique(coarse)) < _LEAST_COLOURS or np.quantile(steps, 0.9) > _STEP:
        return None
    near = _NEAR_END * (ends[1] - ends[0])
    if 0 < first - ends[0] < near and np.abs(line[first] - page).max() <= _FADES:
        first = ends[0]
    if 0 < ends[1] - last < near and np.abs(line[last - 1] - page).max() <= _FADES:
        last = ends[1]
    return first, last


def _frame(line: NDArray[np.int16]) -> int:
    """How many pixels at the start of a line are a frame, and not the first colours of a bar."""
    steps = np.abs(np.diff(line[: _FRAME + 2], axis=0)).max(axis=1)
    sharp = np.flatnonzero(steps > _STEP)
    return int(sharp[-1]) + 1 if len(sharp) else 0


def _read(rgb: NDArray[np.uint8], plot: Box, bar: Box, side: str) -> Bar | None:
    """A bar with the values of its ends."""
    upright = side in ("right", "left")
    gap = {
        "right": bar.left - plot.right,
        "left": plot.left - bar.right,
        "bottom": bar.top - plot.bottom,
        "top": plot.top - bar.bottom,
    }[side]
    for beyond in ("right", "left") if upright else ("bottom", "top"):
        found = beside(rgb, bar, beyond, _ROOM if beyond == side else min(gap, _ROOM))
        fitting = None if found is None else _ruler(found, bar, upright=upright)
        if found is None or fitting is None:
            continue
        ruler, root = fitting
        ends = (bar.bottom, bar.top) if upright else (bar.left, bar.right)
        first, last = (_value(ruler, place) for place in ends)
        levels = _levels(found, min(first, last), max(first, last))
        if root > 1:
            levels = f"power:{1 / root:.4g}"
        if levels is None:
            continue
        colours = _colours(bar.of(rgb), upright=upright)
        n_numbers = len(ruler.used)
        least, most = (value**root + 0.0 for value in ruler.span)  # no -0
        unit = " dB" if levels == "db" else ""
        if root > 1:
            unit = f", in equal steps of their {_ROOTS[root]} root"
        where = {"right": "right of", "left": "left of", "bottom": "below", "top": "above"}[side]
        why = f"{n_numbers} numbers of the colour bar {where} the plot, {least:g} to {most:g}{unit}"
        return Bar(
            side,
            bar,
            levels,
            min(first, last),
            max(first, last),
            colours if last > first else colours[::-1].copy(),
            why,
        )
    return None


def _value(ruler: Ruler, place: int) -> float:
    """The value at an end of a bar: that of the number that stands there, if one does."""
    nearest = min(ruler.used, key=lambda label: abs(label.place - place))
    return nearest.value if abs(nearest.place - place) <= _AT_END else ruler.at(place)


def _ruler(found: Beside, bar: Box, *, upright: bool) -> tuple[Ruler, int] | None:
    """The values along a bar, or which root of them; those without a sign that fall lost it."""
    labels = list(found.labels)
    length = bar.height if upright else bar.width
    ruler = fitted(labels, ("linear",), length=length)
    if ruler is None:
        return _root(labels, length)
    falls = (ruler.scale > 0) if upright else (ruler.scale < 0)
    if falls and all(label.value >= 0 for label in labels):
        ruler = fitted([Label(one.place, -one.value) for one in labels], ("linear",), length=length)
    return None if ruler is None else (ruler, 1)


def _root(labels: list[Label], length: int) -> tuple[Ruler, int] | None:
    """The root, from 0 to 1, that shares of full amplitude stand in equal steps of."""
    if any(not 0.0 <= label.value <= 1.0 for label in labels):
        return None
    labels = [label for label in labels if label.value >= _ROUNDED]
    if len(labels) < _LEAST_ROOTS:
        return None
    found = []
    for root in _ROOTS:
        raised = [Label(label.place, label.value ** (1.0 / root)) for label in labels]
        ruler = fitted(raised, ("linear",), length=length)
        if ruler is not None and ruler.span[1] == 1.0 and ruler.left_out <= 1:
            found.append((ruler, root))
    return min(found, key=lambda pair: pair[0].error, default=None)


def _levels(found: Beside, low: float, high: float) -> str | None:
    """What values from ``low`` to ``high`` are; ``None`` where that is not clear."""
    title = " ".join(found.titles).lower().replace("vv", "w")  # as small letters look
    measures = common_unit(found.numbers) or found.unit.measures
    plausible = _LEAST_DB <= high - low <= _MOST_DB
    if measures == DECIBELS or re.search(r"\bdb|decibel", title):
        return "db" if plausible else None
    from_zero = abs(low) <= 0.02 * high
    if from_zero and re.search(r"amplitu|magnitude|\bmag\b", title):
        return "amplitude"
    if from_zero and re.search(r"power|energy|\bpsd\b", title):
        return "power"
    if measures in (HZ, SECONDS):
        return None
    return "db" if plausible and low < 0 and high <= 0.5 * -low else None


def _colours(part: NDArray[np.uint8], *, upright: bool) -> NDArray[np.float32]:
    """The colours along a bar, from below or from the left, [256, 3]."""
    line = np.median(part[::-1], axis=1) if upright else np.median(part, axis=0)
    places = (np.arange(_SAMPLES) + 0.5) / _SAMPLES * len(line) - 0.5
    inside = np.arange(1, len(line) - 1)  # a frame shines through the first and the last
    channels = [np.interp(places, inside, line[inside, channel]) for channel in range(3)]
    return np.stack(channels, axis=1).astype(np.float32)
