"""Small charts as HTML and SVG text, without scripts; colours come from the page's style."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 480, 150
_BOTTOM, _LEFT = 22, 6
CHARACTER = 6.5
"""Width of a character of the axis."""


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


def bar_chart(bars: Sequence[Bar], *, largest: int | None = None) -> str:
    """Horizontal bars, all to one scale.

    Args:
        bars: What to draw.
        largest: The count that fills the width; the largest of the bars when not given.
    """
    largest = largest or max([bar.count for bar in bars], default=0) or 1
    return "<div class='bars'>" + "".join(_bar(bar, largest) for bar in bars) + "</div>"


def _bar(bar: Bar, largest: int) -> str:
    whole = 100 * (bar.count - bar.extra) / largest
    extra = 100 * bar.extra / largest
    return (
        f"<div class='name'>{escape(bar.name)}</div>"
        f"<div class='track'><i class='{bar.tone}' style='width:{whole:.2f}%'></i>"
        f"<i class='second' style='width:{extra:.2f}%'></i></div>"
        f"<div class='count'>{bar.count:,}</div><div class='note'>{escape(bar.note)}</div>"
    )


def histogram(
    values: Sequence[float],
    *,
    title: str,
    unit: str,
    mark: float | None = None,
    marked: str = "",
    least: float = 1e-3,
) -> str:
    """A histogram as SVG; values that are all about the same are told in a sentence instead.

    Args:
        values: What to count.
        title: Caption.
        unit: Unit of the axis.
        mark: A value to draw a line at.
        marked: What the line means.
        least: Values closer than this are the same, and no bar is narrower.
    """
    if not values:
        return ""
    caption = f"<figcaption>{escape(title)}, {escape(unit)}</figcaption>"
    if max(values) - min(values) < least:
        middle = _number(round(float(np.median(values)), 2))
        which = f"all {len(values):,} at " if len(values) > 1 else ""
        return f"<figure>{caption}<p class='same'>{which}{middle} {escape(unit)}</p></figure>"
    edges = _edges(values, mark, least)
    # The few that lie far out share the last bar; without that they would flatten all others.
    counts, _ = np.histogram(np.minimum(values, edges[-1]), edges)
    low, high = float(edges[0]), float(edges[-1])

    def place(value: float) -> float:
        inside = (min(max(value, low), high) - low) / (high - low)
        return _LEFT + inside * (WIDTH - 2 * _LEFT)

    top = HEIGHT - _BOTTOM
    shapes = []
    for count, left, right in zip(counts.tolist(), edges[:-1], edges[1:], strict=True):
        height = (top - 8) * count / max(1, counts.max())
        x, width = place(float(left)), place(float(right)) - place(float(left))
        beyond = " and more" if right == high and max(values) > high else ""
        shapes.append(
            f"<rect x='{x + 0.5:.1f}' y='{top - height:.1f}' width='{max(0.5, width - 1):.1f}' "
            f"height='{height:.1f}'><title>{_number(float(left))} to {_number(float(right))} "
            f"{escape(unit)}{beyond}: {count}</title></rect>"
        )
    if mark is not None:
        x = place(mark)
        side = "end" if x > WIDTH / 2 else "start"
        shapes.append(
            f"<line class='mark' x1='{x:.1f}' x2='{x:.1f}' y1='0' y2='{top}'/>"
            f"<text class='mark' x='{x + (-5 if side == 'end' else 5):.1f}' y='11' "
            f"text-anchor='{side}'>{escape(marked)}</text>"
        )
    return (
        f"<figure>{caption}"
        f"<svg viewBox='0 0 {WIDTH} {HEIGHT}' role='img' aria-label='{escape(title)}'>"
        f"{''.join(shapes)}<line class='axis' x1='0' x2='{WIDTH}' y1='{top}' y2='{top}'/>"
        f"<text class='most' x='{_LEFT}' y='11'>{counts.max():,}</text>"
        f"{_ticks(low, high, place)}</svg></figure>"
    )


def _edges(values: Sequence[float], mark: float | None, least: float) -> NDArray[np.float64]:
    """About thirty bins with round edges, over all but the last percent, and over the mark."""
    inside = [*np.percentile(values, [0, 99]), *([] if mark is None else [mark])]
    low, high = float(min(inside)), float(max(inside))
    step = max(least, _round_step(max(high - low, least) / 30))
    first, last = math.floor(low / step), math.floor(high / step) + 1
    return np.arange(first, last + 1, dtype=np.float64) * step


def _ticks(low: float, high: float, place: Callable[[float], float]) -> str:
    """Numbers below the axis, as many as stand clear of each other."""
    step = _round_step((high - low) / 6)
    values = np.arange(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1) * step
    texts: list[str] = []
    free = 0.0
    for value in values.tolist():
        text, x = _number(value), place(value)
        half = CHARACTER * len(text) / 2
        x = min(max(x, half), WIDTH - half)
        if x - half < free:
            continue
        free = x + half + 2 * CHARACTER
        texts.append(f"<text x='{x:.1f}' y='{HEIGHT - 7}' text-anchor='middle'>{text}</text>")
    return "".join(texts)


def _round_step(step: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return float(next(m * power for m in (1, 2, 5, 10) if m * power >= step * 0.999))


def _number(value: float) -> str:
    return f"{round(value, 6):g}"
