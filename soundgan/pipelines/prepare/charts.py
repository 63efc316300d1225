"""What small charts show, and where: ``charts.html`` draws them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 480, 150
_BOTTOM, _LEFT = 22, 6
_TOP = 14
CHARACTER = 6.5
"""Width of a character of the axis."""

FAR, FEW = 3.0, 0.1
"""Values further above the middle half than three times its width, if they are a tenth at most,
share the last column."""


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart.

    Attributes:
        name: What is counted.
        count: How many.
        extra: Part of ``count`` that is drawn in the second colour.
        note: A few words on the right.
        tone: ``good``, ``bad`` or ``plain``.
    """

    name: str
    count: int
    extra: int = 0
    note: str = ""
    tone: str = "plain"


@dataclass(frozen=True)
class Column:
    """One column of a histogram.

    Attributes:
        x: Its left edge, in units of the chart.
        width: In such units.
        height: In such units.
        count: Values in it.
        text: What it counts, and how many.
    """

    x: float
    width: float
    height: float
    count: int
    text: str


@dataclass(frozen=True)
class Label:
    """A text at a place of the axis, ``x`` units from the left."""

    x: float
    text: str


@dataclass(frozen=True)
class Histogram:
    """A histogram, or a sentence where all values are about the same.

    Attributes:
        title: Caption.
        unit: Of the values.
        same: The sentence.
        columns: Left to right.
        ticks: Numbers below the axis.
        mark: A line across the columns.
        beyond: How many values lie beyond the axis and are counted in the last column, and what
            they lie beyond, as text; empty where there are none.
        width: Of the chart, in its units.
        height: Of the chart with its axis.
        ground: How far the axis is below the upper edge.
        left: How far the axis is from the left edge.
    """

    title: str
    unit: str
    same: str = ""
    columns: tuple[Column, ...] = ()
    ticks: tuple[Label, ...] = ()
    mark: Label | None = None
    beyond: str = ""
    width: int = WIDTH
    height: int = HEIGHT
    ground: int = HEIGHT - _BOTTOM
    left: int = _LEFT

    @property
    def most(self) -> int:
        """Values in the highest column."""
        return max(column.count for column in self.columns)

    @property
    def mark_on_left(self) -> bool:
        """Whether the words of the mark stand on its left."""
        return self.mark is not None and self.mark.x > self.width / 2

    @property
    def mark_text_x(self) -> float:
        """Where the words of the mark begin, or end if on its left: clear of :attr:`most`."""
        x = self.mark.x if self.mark else 0.0
        taken = self.left + CHARACTER * (len(f"{self.most:,}") + 1)
        return x - 5 if self.mark_on_left else max(x + 5, taken)


def histogram(
    values: Sequence[float],
    *,
    title: str,
    unit: str,
    mark: float | None = None,
    marked: str = "",
    least: float = 1e-3,
) -> Histogram | None:
    """A histogram, or ``None`` of nothing.

    Args:
        values: What to count.
        title: Caption.
        unit: Unit of the axis.
        mark: A value to draw a line at.
        marked: What the line means.
        least: Values closer than this are the same, and no column is narrower.
    """
    if not values:
        return None
    if max(values) - min(values) < least:
        middle = _number(round(float(np.median(values)), 2))
        which = f"all {len(values):,} at " if len(values) > 1 else ""
        return Histogram(title, unit, same=f"{which}{middle} {unit}")
    edges = _edges(values, mark, least)
    low, high = float(edges[0]), float(edges[-1])
    outside = sum(value > high for value in values)

    def place(value: float) -> float:
        inside = (min(max(value, low), high) - low) / (high - low)
        return _LEFT + inside * (WIDTH - 2 * _LEFT)

    return Histogram(
        title,
        unit,
        columns=tuple(_columns(values, edges, unit, place)),
        ticks=tuple(_ticks(low, high, place)),
        mark=None if mark is None else Label(place(mark), marked),
        beyond=f"{outside:,} beyond {_number(high)} {unit}" if outside else "",
    )


def _columns(
    values: Sequence[float],
    edges: NDArray[np.float64],
    unit: str,
    place: Callable[[float], float],
) -> list[Column]:
    # The few that lie far out share the last column; without that they would flatten all others.
    counts, _ = np.histogram(np.minimum(values, edges[-1]), edges)
    room = (HEIGHT - _BOTTOM - _TOP) / max(1, counts.max())
    columns = []
    for count, left, right in zip(
        counts.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True
    ):
        beyond = " and more" if right == edges[-1] and max(values) > right else ""
        x, width = place(left), place(right) - place(left)
        span = f"{_number(left)} to {_number(right)} {unit}{beyond}"
        columns.append(
            Column(x + 0.5, max(0.5, width - 1), room * count, count, f"{span}: {count}")
        )
    return columns


def _edges(values: Sequence[float], mark: float | None, least: float) -> NDArray[np.float64]:
    """About thirty bins with round edges, over all but a few far out, and over the mark."""
    inside = [min(values), _far_end(values), *([] if mark is None else [mark])]
    low, high = float(min(inside)), float(max(inside))
    step = max(least, _round_step(max(high - low, least) / 30))
    first, last = math.floor(low / step), math.floor(high / step) + 1
    return np.arange(first, last + 1, dtype=np.float64) * step


def _far_end(values: Sequence[float]) -> float:
    """The largest value but for the last percent, and for a few far beyond all others."""
    lower, upper, last = np.percentile(values, [25, 75, 99])
    near = [value for value in values if value <= upper + FAR * (upper - lower)]
    few = len(values) - len(near) <= FEW * len(values)
    return min(float(last), max(near)) if few else float(last)


def _ticks(low: float, high: float, place: Callable[[float], float]) -> list[Label]:
    """Numbers below the axis, as many as stand clear of each other."""
    step = _round_step((high - low) / 6)
    values = np.arange(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1) * step
    ticks = []
    free = 0.0
    for value in values.tolist():
        text, x = _number(value), place(value)
        half = CHARACTER * len(text) / 2
        x = min(max(x, half), WIDTH - half)
        if x - half < free:
            continue
        free = x + half + 2 * CHARACTER
        ticks.append(Label(x, text))
    return ticks


def _round_step(step: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return float(next(m * power for m in (1, 2, 5, 10) if m * power >= step * 0.999))


def _number(value: float) -> str:
    return f"{round(value, 6):g}"
