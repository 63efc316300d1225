from __future__ import annotations

import numpy as np
import pytest

from soundgan.errors import UsageError
from soundgan.pictures.box import Box
from soundgan.pictures.open import Picture
from soundgan.pictures.reading import read_levels
from tests.pictures.drawn import bare, chirp_levels, editor, error, figure, jpeg, plot, rendered
from tests.sampling import first_always

LEVELS = chirp_levels()


def picture(pixels: np.ndarray) -> Picture:
    return Picture(pixels, {}, "PNG")


MAPS = ["inferno_r", "viridis", "magma", "gray", "gray_r", "jet"]


@pytest.mark.parametrize("colormap", first_always(MAPS))
@pytest.mark.parametrize("mesh", [False, True])
def test_a_plot_comes_back_as_its_levels(colormap: str, mesh: bool) -> None:
    drawn, _ = plot(LEVELS, colormap, dpi=200, mesh=mesh)
    reading = read_levels(picture(drawn))
    assert str(reading.colormap) == colormap
    assert error(reading.levels, LEVELS) < 0.01


@pytest.mark.parametrize("colormap", first_always(["viridis", "inferno_r", "gray_r", "jet"]))
def test_a_plot_saved_as_jpeg_comes_back_within_its_artefacts(colormap: str) -> None:
    drawn, _ = plot(LEVELS, colormap, dpi=150)
    reading = read_levels(picture(jpeg(drawn)))
    assert str(reading.colormap) == colormap
    assert error(reading.levels, LEVELS) < 0.04


def test_a_plot_in_an_editor_comes_back_as_its_levels() -> None:
    drawn, _ = editor(LEVELS, "magma", dark=True)
    assert error(read_levels(picture(drawn)).levels, LEVELS) < 0.015


def test_the_lowest_frequency_comes_first() -> None:
    upright = np.zeros((20, 30, 1), np.uint8)
    upright[0] = 255
    levels = read_levels(picture(upright)).levels
    assert levels.dtype == np.float32
    assert levels[-1].min() == 1.0
    assert levels[0].max() == 0.0


def test_sixteen_bits_are_read_in_full() -> None:
    ramp = np.arange(65536, dtype=np.uint16).reshape(256, 256, 1)
    levels = read_levels(picture(ramp), colormap="gray").levels
    np.testing.assert_allclose(levels[::-1].reshape(-1), np.arange(65536) / 65535, atol=1e-7)
    backwards = read_levels(picture(ramp), colormap="gray_r").levels
    np.testing.assert_allclose(levels + backwards, 1.0, atol=1e-6)


def test_what_is_guessed_is_said_with_the_parameter_that_overrides_it() -> None:
    drawn, _ = plot(LEVELS, "magma")
    reading = read_levels(picture(drawn))
    assert [(a.name, a.parameter) for a in reading.assumptions] == [
        ("crop", "crop"),
        ("colormap", "colormap"),
    ]
    values = {a.name: a.value for a in reading.assumptions}
    again = read_levels(picture(drawn), colormap=values["colormap"], crop=values["crop"])
    assert again.assumptions == ()
    np.testing.assert_array_equal(again.levels, reading.levels)


def test_a_bare_picture_is_taken_whole() -> None:
    reading = read_levels(picture(bare(LEVELS, "hot")))
    assert reading.box == Box(0, 0, 200, 128)
    assert reading.assumptions[0].value == "none"
    whole = read_levels(picture(plot(LEVELS, "magma")[0]), crop="none")
    assert whole.levels.shape == (480, 640)


def test_a_part_that_is_named_is_read() -> None:
    reading = read_levels(picture(bare(LEVELS, "magma")), crop="10,20,110,100", colormap="magma")
    expected = LEVELS[::-1][20:100, 10:110][::-1]
    assert np.abs(reading.levels - expected).max() < 0.01


@pytest.mark.parametrize("crop", ["1,2,3", "a,b,c,d", "-1,0,5,5", "0,0,5.5,5", ""])
def test_a_crop_that_is_no_box_is_refused(crop: str) -> None:
    with pytest.raises(UsageError, match=r"give auto, none, or left,top,right,bottom in pixels"):
        read_levels(picture(bare(LEVELS, "magma")), crop=crop)


@pytest.mark.parametrize("crop", ["0,0,201,10", "5,5,5,10", "10,0,5,10"])
def test_a_crop_outside_the_picture_is_refused(crop: str) -> None:
    with pytest.raises(UsageError, match="no part of a picture of 200 x 128 pixels"):
        read_levels(picture(bare(LEVELS, "magma")), crop=crop)


def test_a_photograph_reads_as_grey_without_complaint() -> None:
    stream = np.random.default_rng(5)
    photograph = stream.integers(0, 256, (60, 90, 3), dtype=np.uint8)
    reading = read_levels(picture(photograph))
    assert reading.colormap.name == "gray"
    assert reading.levels.shape == (60, 90)
    assert "brightness" in reading.assumptions[-1].why


def test_each_plot_of_a_figure_is_read_by_its_number() -> None:
    drawn = figure(figsize=(6.4, 4.8), dpi=200)
    upper, lower = drawn.subplots(2, 1)
    turned = np.ascontiguousarray(LEVELS[:, ::-1])
    upper.imshow(LEVELS, origin="lower", aspect="auto", cmap="magma", vmin=0, vmax=1)
    lower.imshow(turned, origin="lower", aspect="auto", cmap="magma", vmin=0, vmax=1)
    page = picture(rendered(drawn))
    assert error(read_levels(page, panel=1).levels, LEVELS) < 0.03
    assert error(read_levels(page, panel=2).levels, turned) < 0.03
    assert read_levels(page, panel=2).assumptions[0].why.startswith("plot 2 of 2")
    assert "`panel=" in read_levels(page).assumptions[0].why
    with pytest.raises(UsageError, match=r"`panel=3`: 2 plots are found; say where it lies with"):
        read_levels(page, panel=3)


def test_a_picture_without_a_plot_has_no_panel() -> None:
    with pytest.raises(UsageError, match=r"`panel=1`: no plot is found"):
        read_levels(picture(bare(LEVELS, "magma")), panel=1)


def test_a_frame_inside_a_stated_crop_is_left_out_and_told() -> None:
    drawn, true = plot(LEVELS, "magma")
    around = Box(true.left - 1, true.top - 1, true.right + 1, true.bottom + 1)
    framed = drawn.copy()
    framed[around.top : around.bottom, around.left : around.right] = 0
    framed[true.top : true.bottom, true.left : true.right] = true.of(drawn)
    reading = read_levels(picture(framed), crop=str(around), colormap="magma")
    assert reading.box == true
    assert [(a.parameter, a.value) for a in reading.assumptions] == [("crop", str(true))]
    assert read_levels(picture(framed), crop=str(true), colormap="magma").assumptions == ()


def test_a_colour_bar_that_is_named_but_not_there_is_refused() -> None:
    grey = Picture(np.zeros((40, 60, 1), np.uint8), {}, "PNG")
    with pytest.raises(UsageError, match=r"`colormap=bar`: no colour bar with numbers"):
        read_levels(grey, colormap="bar")
