"""Where numbers are on a scale: ``charts.html`` draws it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from soundgan.pipelines.evaluate.judgement import short
from soundgan.words import percent

_FULL = 1.25
"""What a track of shares reaches to: real recordings are at 1."""


@dataclass(frozen=True)
class Mark:
    """Something drawn on a track.

    Attributes:
        tone: Its look: ``good`` or ``plain``, as a ``span`` or a ``point`` where it is none.
        left: Percent of the track.
        width: Percent of the track; ``None`` for a point.
    """

    tone: str
    left: float
    width: float | None = None


@dataclass(frozen=True)
class Line:
    """A named track with its marks and number, and whether it stands out."""

    name: str
    marks: tuple[Mark, ...]
    value: str
    ours: bool = False


@dataclass(frozen=True)
class Scale:
    """Tracks on one scale."""

    caption: str
    lines: tuple[Line, ...]


def interval_scale(caption: str, intervals: Sequence[tuple[str, dict[str, float], bool]]) -> Scale:
    """Numbers with their intervals, on one scale that shows near 0 and far alike.

    Args:
        caption: What is shown.
        intervals: Name, interval (``value``, ``low``, ``high``) and whether it stands out.
    """
    farthest = max(max(interval["high"], 1e-9) for _, interval, _ in intervals)
    # Linear up to the narrowest interval and logarithmic beyond: real sounds and these can be
    # told apart although noise, a thousand times as far, is on the same scale.
    unit = max(min(i["high"] - i["low"] for _, i, _ in intervals) / 2, farthest / 1e4)

    def place(value: float) -> float:
        return 100.0 * math.log1p(max(value, 0.0) / unit) / math.log1p(farthest / unit)

    lines = []
    for name, interval, ours in intervals:
        tone = "good" if ours else "plain"
        low, high = place(interval["low"]), place(interval["high"])
        span = Mark(f"span {tone}", low, high - low)
        point = Mark(f"point {tone}", place(interval["value"]))
        lines.append(Line(name, (span, point), short(1000 * interval["value"]), ours))
    return Scale(caption, tuple(lines))


def share_scale(caption: str, shares: Sequence[tuple[str, float]]) -> Scale:
    """Bars, with a mark where real recordings are."""
    real = Mark("point plain", 100.0 / _FULL)
    return Scale(
        caption,
        tuple(
            Line(
                name,
                (Mark("good", 0.0, 100.0 * min(share, _FULL) / _FULL), real),
                percent(share),
            )
            for name, share in shares
        ),
    )
