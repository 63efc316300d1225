from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from soundgan.pictures.box import Box
from soundgan.pictures.open import Picture
from soundgan.pictures.panes import framed_with, panes_of
from soundgan.pictures.plot import find_plot
from soundgan.pictures.reading import count_plots, read_levels

GREY = 128


def framed(*, line: int | None, thick: int = 1, colour: int = GREY) -> NDArray[np.uint8]:
    """Coloured noise of 160 rows in a grey frame on black, with a line at a row of it."""
    stream = np.random.default_rng(0)
    page = np.zeros((240, 320, 3), np.uint8)
    page[29:191, 39:261] = GREY
    page[30:190, 40:260, 0] = stream.integers(60, 255, (160, 220))
    page[30:190, 40:260, 1:] = stream.integers(0, 60, (160, 220, 2))
    if line is not None:
        page[30 + line : 30 + line + thick, 40:260] = colour
    return page


def panes(page: NDArray[np.uint8]) -> list[Box]:
    return panes_of(page, Box(40, 30, 260, 190))


@pytest.mark.parametrize("thick", [1, 2, 3])
def test_a_line_like_the_frame_in_the_middle_makes_two_panes(thick: int) -> None:
    upper, lower = Box(40, 30, 260, 109), Box(40, 109 + thick, 260, 190)
    assert panes(framed(line=79, thick=thick)) == [upper, lower]


@pytest.mark.parametrize(
    "page",
    [
        framed(line=None),
        framed(line=40),
        framed(line=79, thick=9),
        framed(line=79, colour=255),
    ],
    ids=["none", "off the middle", "thick", "another colour"],
)
def test_any_other_line_is_data(page: NDArray[np.uint8]) -> None:
    assert panes(page) == [Box(40, 30, 260, 190)]


@pytest.mark.slow
def test_panes_are_counted_and_read_as_plots() -> None:
    page = framed(line=79)
    assert find_plot(page) == Box(40, 30, 260, 190)
    picture = Picture(page, {}, "PNG")
    assert count_plots(picture) == 2
    assert str(read_levels(picture).box) == "40,30,260,109"
    assert str(read_levels(picture, panel=2).box) == "40,110,260,190"


def test_small_boxes_and_boxes_at_the_edge_are_one() -> None:
    page = framed(line=79)
    for box in (Box(0, 0, 320, 240), Box(50, 40, 60, 60), Box(40, 30, 260, 240)):
        assert panes_of(page, box) == [box]


def test_the_colour_bar_of_a_pane_stands_beside_the_whole_frame() -> None:
    upper, lower = panes(framed(line=79))
    whole = Box(40, 30, 260, 190)
    assert framed_with(upper, [lower]) == framed_with(lower, [upper]) == whole
    apart = Box(40, 130, 260, 200)
    assert framed_with(upper, [apart]) == upper
