"""Numbers as marks on a scale, in HTML without scripts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from soundgan.pipelines.evaluate.verdict import short

_FULL = 1.25
"""What a track of shares reaches to: real recordings are at 1."""


def interval_scale(caption: str, intervals: Sequence[tuple[str, dict[str, float], bool]]) -> str:
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
        marks = (
            f"<i class='span {tone}' style='left:{low:.2f}%;width:{high - low:.2f}%'></i>"
            f"<i class='point {tone}' style='left:{place(interval['value']):.2f}%'></i>"
        )
        lines.append(_line(name, marks, short(1000 * interval["value"]), ours=ours))
    return _figure(caption, lines)


def share_scale(caption: str, shares: Sequence[tuple[str, float]]) -> str:
    """Bars, with a mark where real recordings are."""
    lines = []
    for name, share in shares:
        width = 100.0 * min(share, _FULL) / _FULL
        marks = (
            f"<i class='good' style='left:0;width:{width:.2f}%'></i>"
            f"<i class='point plain' style='left:{100.0 / _FULL:.2f}%'></i>"
        )
        lines.append(_line(name, marks, f"{100 * share:.0f} %", ours=False))
    return _figure(caption, lines)


def _line(name: str, marks: str, value: str, *, ours: bool) -> str:
    emphasis = " ours" if ours else ""
    return (
        f"<div class='name{emphasis}'>{escape(name)}</div><div class='track'>{marks}</div>"
        f"<div class='value{emphasis}'>{escape(value)}</div>"
    )


def _figure(caption: str, lines: Sequence[str]) -> str:
    return (
        f"<figure><figcaption>{escape(caption)}</figcaption>"
        f"<div class='scale'>{''.join(lines)}</div></figure>"
    )
