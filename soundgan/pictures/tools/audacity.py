"""Audacity's track in spectrogram view: 80 dB, mel, in its newer colours."""

from __future__ import annotations

from soundgan.pictures.tools.contract import Tool, View


def signs(view: View) -> str:
    """Its older colours, which no other program has."""
    return "its colours" if view.colormap == "audacity" else ""


AUDACITY = Tool("Audacity", signs, range_db=80.0, axis="mel")
