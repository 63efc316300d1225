"""``librosa.display.specshow`` of decibels, 80 of them."""

from __future__ import annotations

from soundgan.pictures.tools.contract import Tool, View


def signs(view: View) -> str:
    """A frequency axis that only it draws, in its colours."""
    frequency = view.printed.frequency
    if frequency is None or not frequency.ruler.kind.startswith("librosa_"):
        return ""
    return "its frequency axis" if view.colormap == "magma" else ""


LIBROSA = Tool("librosa", signs, range_db=80.0)
