"""The numbers in a row beside a plot, each at its tick."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from soundgan.pictures.box import Box
from soundgan.pictures.text.words import Word, ink_of, sideways_words, words_in
from soundgan.pictures.ticks.numbers import Number, Unit, number_in, unit_in
from soundgan.pictures.ticks.ruler import Label

SIDES = ("left", "right", "bottom", "top")

_SURE = 0.5
"""A number is believed if its least certain letter is as certain."""

_MARGIN = 16
"""Pixels that labels reach beyond the ends of an axis."""

_TICK_NEAR = 0.45
"""A tick belongs to a label that is nearer than so much of its letters' height."""

_TICK_SHARE = 0.7
_TICK_REACH = 8
_TICK_THICK = 4


@dataclass(frozen=True)
class Beside:
    """What is printed at one side of a plot.

    Attributes:
        side: One of :data:`SIDES`.
        labels: Numbers at their places, as printed.
        numbers: The same with their units.
        unit: What the words beside them say.
        at_ticks: Whether places are those of tick marks, and not of the middle of letters.
        letters: Height of the numbers, pixels.
        titles: The words beside them that are no numbers.
    """

    side: str
    labels: tuple[Label, ...]
    numbers: tuple[Number, ...]
    unit: Unit
    at_ticks: bool
    letters: float
    titles: tuple[str, ...] = ()


def beside(rgb: NDArray[np.uint8], box: Box, side: str, room: int) -> Beside | None:
    """The row of numbers nearest to one side of a plot; ``None`` where there are fewer than two.

    Args:
        rgb: The picture [H, W, 3].
        box: The plot.
        side: One of :data:`SIDES`.
        room: Pixels from the plot that belong to it.
    """
    part = strip_of(rgb, box, side, room)
    if min(part.width, part.height) < 6:
        return None
    words = words_in(rgb, part, plot=box)
    read = _powers(words) or [
        (word, number)
        for word in words
        if word.certainty >= _SURE and (number := number_in(word.text)) is not None
    ]
    upright = side in ("left", "right")
    row = _nearest_row(read, box, side)
    if row is None:
        return None
    titles = _titles(words, upright=upright)
    if upright:
        titles += sideways_words(rgb, part)
    letters = float(np.median([word.box.height for word, _ in row]))
    places = [word.y if upright else word.x for word, _ in row]
    snapped = _at_ticks(rgb, box, side, places, letters)
    labels = [
        Label(place, number.value)
        for place, (_, number) in zip(snapped or places, row, strict=True)
    ]
    return Beside(
        side,
        tuple(labels),
        tuple(number for _, number in row),
        unit_in(titles),
        snapped is not None,
        letters,
        tuple(titles),
    )


def strip_of(rgb: NDArray[np.uint8], box: Box, side: str, room: int) -> Box:
    """The part of a picture at one side of a plot."""
    height, width = rgb.shape[:2]
    wide = replace(box, left=max(0, box.left - _MARGIN), right=min(width, box.right + _MARGIN))
    high = replace(box, top=max(0, box.top - _MARGIN), bottom=min(height, box.bottom + _MARGIN))
    if side == "left":
        return replace(high, left=max(0, box.left - room), right=box.left)
    if side == "right":
        return replace(high, left=box.right, right=min(width, box.right + room))
    if side == "bottom":
        return replace(wide, top=box.bottom, bottom=min(height, box.bottom + room))
    return replace(wide, top=max(0, box.top - room), bottom=box.top)


def common_unit(numbers: Sequence[Number]) -> str:
    """The unit that most of the numbers carry."""
    counted = Counter(number.unit for number in numbers if number.unit)
    return counted.most_common(1)[0][0] if counted else ""


def _titles(words: Sequence[Word], *, upright: bool) -> list[str]:
    """Words that are no numbers, in reading order."""
    rest = [word for word in words if number_in(word.text) is None and len(word.text) > 1]
    return [word.text for word in sorted(rest, key=lambda w: w.x if not upright else w.y)]


def _powers(words: Sequence[Word]) -> list[tuple[Word, Number]]:
    """Powers of ten, where two or more are printed: 10 with a raised, smaller digit."""
    found = []
    for word in words:
        if re.fullmatch(r"10\d", word.text[:3]) and word.box.width < 3.2 * word.box.height:
            found.append((word, Number(10.0 ** int(word.text[2]))))
        if word.text != "10":
            continue
        for other in words:
            gap = other.box.left - word.box.right
            raised = word.box.bottom - other.box.bottom
            near = 0 <= gap < word.box.height and 0.2 < raised / word.box.height < 0.9
            if near and re.fullmatch(r"\d", other.text):
                found.append((word, Number(10.0 ** int(other.text))))
    split = sum(word.text == "10" for word, _ in found)
    return found if len(found) >= 2 and split else []


def _nearest_row(
    read: Sequence[tuple[Word, Number]], box: Box, side: str
) -> list[tuple[Word, Number]] | None:
    """Numbers in one line along a side, the nearest line that has two or more."""
    upright = side in ("left", "right")

    def across(word: Word) -> tuple[int, int]:
        """Where a word begins and ends across the axis."""
        if upright:
            return word.box.left, word.box.right
        return word.box.top, word.box.bottom

    lines: list[list[tuple[Word, Number]]] = []
    for entry in sorted(read, key=lambda pair: across(pair[0])):
        start, stop = across(entry[0])
        for line in lines:
            begins = min(across(word)[0] for word, _ in line)
            ends = max(across(word)[1] for word, _ in line)
            if min(stop, ends) - max(start, begins) >= 0.5 * min(stop - start, ends - begins):
                line.append(entry)
                break
        else:
            lines.append([entry])
    edge = {"left": box.left, "right": box.right, "bottom": box.bottom, "top": box.top}[side]

    def distance(line: list[tuple[Word, Number]]) -> float:
        return min(min(abs(edge - v) for v in across(word)) for word, _ in line)

    full = [line for line in lines if len(line) >= 2]
    return min(full, key=distance, default=None)


def _at_ticks(
    rgb: NDArray[np.uint8], box: Box, side: str, places: Sequence[float], letters: float
) -> list[float] | None:
    """Places of the tick marks beside labels; ``None`` where most labels have none."""
    part = strip_of(rgb, box, side, _TICK_REACH)
    if min(part.width, part.height) < 4:
        return None
    ink = ink_of(part.of(rgb))
    if side in ("bottom", "top"):
        ink = ink.T
    if side in ("right", "bottom"):
        ink = ink[:, ::-1]  # the plot is at the right
    start = part.top if side in ("left", "right") else part.left
    for first in (2, 3, 1, 4):  # a frame may be a pixel or two thick
        if ink.shape[1] <= first + 1:
            continue
        line = np.minimum(ink[:, -first - 1], ink[:, -first - 2])
        marks = _marks(line)
        if not marks:
            continue
        centres = np.array(marks) + start
        nearest = [float(centres[np.abs(centres - place).argmin()]) for place in places]
        reach = max(2.0, _TICK_NEAR * letters)
        near = [abs(a - b) <= reach for a, b in zip(nearest, places, strict=True)]
        if sum(near) >= _TICK_SHARE * len(places):
            return [a if ok else b for a, b, ok in zip(nearest, places, near, strict=True)]
    return None


def _marks(line: NDArray[np.float32]) -> list[float]:
    """Middles of the thin marks along a line of ink, in pixels from its start."""
    marked = line > max(40.0, 0.35 * float(line.max()))
    edges = np.diff(np.pad(marked, (1, 1)).view(np.int8))
    firsts, stops = np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist()
    found = []
    for first, stop in zip(firsts, stops, strict=True):
        if stop - first <= _TICK_THICK:
            a, b = max(0, first - 1), min(len(line), stop + 1)
            weights = line[a:b].astype(np.float64)
            found.append(float((weights * (np.arange(a, b) + 0.5)).sum() / weights.sum()))
    return found
