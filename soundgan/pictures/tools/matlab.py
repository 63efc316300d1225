"""MATLAB's ``spectrogram`` and ``pspectrum``, in parula; the range follows the sound."""

from __future__ import annotations

from soundgan.pictures.tools.contract import Tool, View


def signs(view: View) -> str:
    """Colours that no other program begins with."""
    return "its colours" if view.colormap == "parula" else ""


MATLAB = Tool("MATLAB", signs)
