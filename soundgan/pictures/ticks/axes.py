"""The axes of a plot as its labels say: time, frequency, and which of the two goes where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from soundgan.pictures.axis import AXES
from soundgan.pictures.box import Box
from soundgan.pictures.ticks.beside import Beside, beside, common_unit
from soundgan.pictures.ticks.numbers import HZ, SECONDS
from soundgan.pictures.ticks.ruler import Label, Ruler, fitted

_KILOHERTZ_BELOW, _HERTZ_ABOVE = 50.0, 1000.0
"""Frequencies without a unit are kilohertz where the greatest is below the one, and Hz from the
other on; between them are counted rows."""

_MOST_SECONDS = 3600.0 * 4
_PROBABLE_SECONDS = 90.0
"""Times without a unit beyond this are more likely frames."""

_SIDE_ROOM, _END_ROOM = 220, 120
"""Pixels beside a plot that its labels stand in; in large pictures more."""

_LEAST_HZ, _MOST_HZ = 100.0, 400_000.0


@dataclass(frozen=True)
class ReadAxis:
    """One axis.

    Attributes:
        measures: ``Hz`` or ``s``.
        ruler: In Hz or s, along the pixels of the picture.
        side: Where its labels stand.
        unit_printed: Whether a unit is printed.
    """

    measures: str
    ruler: Ruler
    side: str
    unit_printed: bool

    def ends(self, box: Box) -> tuple[int, int]:
        """Places of a plot's ends along it: left and right, or lower and upper."""
        return (box.bottom, box.top) if self.side in ("left", "right") else (box.left, box.right)

    def why(self) -> str:
        """What it was read from, in a few words."""
        low, high = self.ruler.span
        scale = 1000.0 if self.measures == HZ and high >= 1000.0 else 1.0
        unit = ("kHz" if scale > 1 else "Hz") if self.measures == HZ else "s"
        where = {"left": "left of", "right": "right of", "bottom": "below", "top": "above"}
        n = len(self.ruler.used)
        text = (
            f"read from {n} numbers {where[self.side]} the plot, "
            f"{low / scale:g} to {high / scale:g} {unit}"
        )
        if not self.unit_printed:
            text += ", no unit printed"
        if self.ruler.left_out:
            text += f"; {self.ruler.left_out} more did not fit"
        return text


@dataclass(frozen=True)
class Axes:
    """The axes that could be read; ``None`` where one could not."""

    across: ReadAxis | None = None
    upward: ReadAxis | None = None

    @property
    def time(self) -> ReadAxis | None:
        """The axis in seconds."""
        return next((a for a in (self.across, self.upward) if a and a.measures == SECONDS), None)

    @property
    def frequency(self) -> ReadAxis | None:
        """The axis in Hz."""
        return next((a for a in (self.upward, self.across) if a and a.measures == HZ), None)


def read_axes(rgb: NDArray[np.uint8], box: Box) -> Axes:
    """What is printed around a plot; nothing where there is no room for it.

    Args:
        rgb: The picture [H, W, 3].
        box: The plot.
    """
    height, width = rgb.shape[:2]
    side, end = max(_SIDE_ROOM, width // 4), max(_END_ROOM, height // 5)
    upward = _first(rgb, box, (("left", side), ("right", side)), default=HZ)
    across = _first(rgb, box, (("bottom", end), ("top", end)), default=SECONDS)
    if upward and across and upward.measures == across.measures:
        # One of them was guessed: what is printed wins.
        if upward.unit_printed == across.unit_printed:
            return Axes()
        return Axes(None, upward) if upward.unit_printed else Axes(across, None)
    return Axes(across, upward)


def _first(
    rgb: NDArray[np.uint8], box: Box, sides: Sequence[tuple[str, int]], *, default: str
) -> ReadAxis | None:
    """The axis of the first side that has one."""
    for side, room in sides:
        found = beside(rgb, box, side, room)
        if found is not None:
            axis = _axis(found, box, default)
            if axis is not None:
                return axis
    return None


def _axis(found: Beside, box: Box, default: str) -> ReadAxis | None:
    """The axis that numbers at one side make, if it measures time or frequency."""
    carried = common_unit(found.numbers)
    measures = carried or found.unit.measures or default
    if measures not in (HZ, SECONDS):
        return None
    upright = found.side in ("left", "right")
    length = box.height if upright else box.width
    printed = bool(carried) or found.unit.factor is not None
    factor = found.unit.factor or 1.0
    labels = [
        replace(label, value=label.value * (1.0 if number.unit else factor))
        for label, number in zip(found.labels, found.numbers, strict=True)
    ]
    if len(labels) == 2 and not found.at_ticks:
        labels = _at_edges(labels, box, found)
    kinds = AXES if measures == HZ else ("linear",)
    ruler = fitted(labels, kinds, length=length)
    if ruler is None or (not printed and _counts(ruler, box, upright=upright)):
        return None
    if not printed and measures == HZ and ruler.span[1] < _KILOHERTZ_BELOW:
        raised = [replace(label, value=label.value * 1000.0) for label in labels]
        ruler = fitted(raised, kinds, length=length) or ruler
    elif not printed and measures == HZ and ruler.span[1] < _HERTZ_ABOVE:
        return None
    axis = ReadAxis(measures, ruler, found.side, printed)
    return axis if _possible(axis, box) else None


def _at_edges(labels: list[Label], box: Box, found: Beside) -> list[Label]:
    """Two labels at the corners, as Praat draws them, stand for the ends of the axis."""
    upright = found.side in ("left", "right")
    ends = (box.top, box.bottom) if upright else (box.left, box.right)
    moved = []
    for label in labels:
        end = min(ends, key=lambda place: abs(place - label.place))
        near = abs(end - label.place) <= 1.2 * found.letters
        moved.append(replace(label, place=float(end)) if near else label)
    return moved


def _possible(axis: ReadAxis, box: Box) -> bool:
    """Whether the ends of an axis are times or frequencies that a sound has."""
    upright = axis.side in ("left", "right")
    ends = (box.bottom, box.top) if upright else (box.left, box.right)
    first, last = (axis.ruler.at(place) for place in ends)
    low, high = min(first, last), max(first, last)
    if not np.isfinite(high) or high <= low:
        return False
    pixel = (high - low) / (box.height if upright else box.width)
    if axis.measures == SECONDS:
        if not axis.unit_printed and high > _PROBABLE_SECONDS:
            return False
        return -0.05 * (high - low) <= low + pixel and 0.001 <= high - low <= _MOST_SECONDS
    return low >= -0.05 * (high - low) and _LEAST_HZ <= high <= _MOST_HZ


def _counts(ruler: Ruler, box: Box, *, upright: bool) -> bool:
    """Whether an axis without a unit counts rows or columns: from -0.5 to a half."""
    if ruler.kind != "linear" or ruler.span[1] < 8:
        return False
    ends = (box.bottom, box.top) if upright else (box.left, box.right)
    first, last = (ruler.at(place) for place in ends)
    low, high = min(first, last), max(first, last)
    pixel = (high - low) / (box.height if upright else box.width)
    return pixel < 0.4 and abs(low + 0.5) < 0.2 and abs(high % 1.0 - 0.5) < 0.2
