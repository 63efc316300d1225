"""Which program drew a picture."""

from __future__ import annotations

import numpy as np
import pytest

from soundgan.pictures.axis import height_of
from soundgan.pictures.box import Box
from soundgan.pictures.ticks.axes import Axes, ReadAxis
from soundgan.pictures.ticks.ruler import Label, fitted
from soundgan.pictures.tools import TOOLS
from soundgan.pictures.tools.audacity import AUDACITY
from soundgan.pictures.tools.contract import Tool, View
from soundgan.pictures.tools.librosa import LIBROSA
from soundgan.pictures.tools.matlab import MATLAB
from soundgan.pictures.tools.praat import PRAAT
from soundgan.pictures.tools.recognise import recognised
from soundgan.pictures.tools.sox import SOX
from soundgan.pictures.tools.spek import SPEK

BOX = Box(60, 20, 460, 220)


def _axis(values: dict[float, float], side: str, kinds: tuple[str, ...] = ("linear",)) -> ReadAxis:
    labels = [Label(place, value) for place, value in values.items()]
    ruler = fitted(labels, kinds, length=400)
    assert ruler is not None
    return ReadAxis("s" if side == "bottom" else "Hz", ruler, side, True)


def _view(colormap: str, printed: Axes, box: Box = BOX) -> View:
    return View(np.full((260, 500, 3), 255, np.uint8), box, colormap, printed)


@pytest.mark.parametrize("tool", [AUDACITY, LIBROSA, MATLAB, PRAAT, SOX, SPEK])
def test_a_program_is_registered_by_its_name(tool: Tool) -> None:
    assert TOOLS.load(tool.title.lower()) is tool


@pytest.mark.parametrize(
    ("colormap", "name"),
    [
        ("ffmpeg_fire", "ffmpeg"),
        ("sox", "sox"),
        ("audacity", "audacity"),
        ("parula", "matlab"),
        ("magma", ""),
        ("viridis", ""),
        ("gray", ""),
    ],
)
def test_colours_of_one_program_alone_tell_it(colormap: str, name: str) -> None:
    found, signs = recognised(_view(colormap, Axes()))
    assert found == name
    assert bool(signs) == bool(name)


def test_ink_with_numbers_at_the_corners_alone_is_by_praat() -> None:
    corners = Axes(_axis({60: 0, 460: 2}, "bottom"), _axis({220: 0, 20: 5000}, "left"))
    assert recognised(_view("gray_r", corners))[0] == "praat"
    assert recognised(_view("magma", corners))[0] == ""
    marks = Axes(_axis({60: 0, 260: 1, 460: 2}, "bottom"), _axis({220: 0, 20: 5000}, "left"))
    assert recognised(_view("gray_r", marks))[0] == ""


def test_the_symmetric_axis_in_magma_is_by_librosa() -> None:
    hz = np.array([0.0, 512.0, 1024.0, 2048.0, 4096.0, 8192.0])
    heights = height_of(hz, "librosa_mel")
    places = 220 - 200 * heights / heights[-1]
    values = dict(zip(places.tolist(), hz.tolist(), strict=True))
    axis = _axis(values, "left", ("librosa_mel",))
    assert recognised(_view("magma", Axes(None, axis)))[0] == "librosa"
    assert recognised(_view("viridis", Axes(None, axis)))[0] == ""
