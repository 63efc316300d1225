"""Praat's ``Paint``: ink on paper, 50 dB, numbers at the corners alone."""

from __future__ import annotations

from soundgan.pictures.ticks.axes import ReadAxis
from soundgan.pictures.tools.contract import Tool, View


def signs(view: View) -> str:
    """Black on white, and times and frequencies at the ends of their axes alone."""
    axes = (view.printed.time, view.printed.frequency)
    if view.colormap != "gray_r" or not all(axis and _at_ends(axis, view) for axis in axes):
        return ""
    return "ink on paper, and numbers at its corners alone"


def _at_ends(axis: ReadAxis, view: View) -> bool:
    ends = sorted(axis.ends(view.box))
    places = sorted(label.place for label in axis.ruler.used)
    return len(places) == 2 and all(abs(a - b) <= 1.0 for a, b in zip(places, ends, strict=True))


PRAAT = Tool("Praat", signs, range_db=50.0)
