"""``sox -n spectrogram``: rows are bins, both that at 0 Hz and that at half the sample rate."""

from __future__ import annotations

from soundgan.pictures.tools.contract import Tool, View

_LEFT, _TOP, _RIGHT = 58, 30, 86


def signs(view: View) -> str:
    """Its colours, or margins as no other program's."""
    if view.colormap == "sox":
        return "its colours"
    width = view.rgb.shape[1]
    rows = view.box.height - 1
    if (view.box.left, view.box.top) == (_LEFT, _TOP) and rows & (rows - 1) == 0:
        return "its margins" if width - view.box.right == _RIGHT else ""
    return ""


SOX = Tool("sox", signs, range_db=120.0, rows=(0.5, -0.5))
