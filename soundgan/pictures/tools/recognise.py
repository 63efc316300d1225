"""Which program drew a picture."""

from __future__ import annotations

from soundgan.pictures.tools import TOOLS
from soundgan.pictures.tools.contract import View


def recognised(view: View) -> tuple[str, str]:
    """The name of the program that surely drew a picture, and what shows it; else twice nothing."""
    for name in TOOLS.names():
        signs = TOOLS.load(name).signs(view)
        if signs:
            return name, signs
    return "", ""
