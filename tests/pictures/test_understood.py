from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from soundgan.pictures.box import Box
from soundgan.pictures.open import Picture
from soundgan.pictures.reading import Assumption, Reading, count_plots, read_levels
from soundgan.pictures.understood import understood_png
from tests.pictures.drawn import Colours, bare, chirp_levels, figure, plot, rendered

LEVELS = chirp_levels()


def two_plots() -> Colours:
    drawn = figure(figsize=(8.0, 5.0), dpi=100)
    for axes in drawn.subplots(1, 2):
        axes.imshow(LEVELS, origin="lower", aspect="auto", cmap="magma", vmin=0, vmax=1)
    return rendered(drawn)


def sheet(rgb: Colours, reading: Reading, n_entries: int = 0) -> Colours:
    entries = [Assumption(f"name {i}", "1", "`seconds`", "the default") for i in range(n_entries)]
    png = understood_png(rgb, reading, entries, title="plot.png: 2 s")
    return np.asarray(Image.open(io.BytesIO(png)))


def test_the_plot_keeps_its_pixels_and_has_a_green_frame() -> None:
    rgb, _ = plot(LEVELS, "magma")
    reading = read_levels(Picture(rgb, {}, "PNG"))
    shown = sheet(rgb, reading)
    box = reading.box
    np.testing.assert_array_equal(box.of(shown), box.of(rgb))
    green = np.array([0, 170, 80])
    assert (shown[box.top - 1, box.left : box.right] == green).all()
    assert (shown[box.top : box.bottom, box.right] == green).all()


def test_both_plots_of_a_figure_are_counted_and_the_other_is_orange() -> None:
    picture = Picture(two_plots(), {}, "PNG")
    assert count_plots(picture) == 2
    first, second = (read_levels(picture, panel=panel) for panel in (1, 2))
    assert [len(first.others), len(second.others)] == [1, 1]
    shown = sheet(two_plots(), first)
    other = first.others[0]
    assert other.left > first.box.right
    far = np.abs(shown.astype(np.int16) - np.array([230, 120, 0])).max(axis=2)
    orange: NDArray[np.bool_] = np.asarray(far == 0, np.bool_)
    assert orange[:, other.left - 3 : other.right + 3].any()
    assert not orange[:400, : first.box.right].any()


def test_a_picture_that_is_all_data_has_no_plots_to_choose_from() -> None:
    assert count_plots(Picture(bare(LEVELS, "magma"), {}, "PNG")) == 0


def test_overlays_are_pink_and_nothing_else_is() -> None:
    rgb = np.full((40, 60, 3), 90, np.uint8)
    hidden = np.zeros((20, 30), np.bool_)
    hidden[5:9, 10:20] = True
    reading = Reading(
        np.zeros((20, 30), np.float32),
        (),
        Box(10, 10, 40, 30),
        read_levels(Picture(rgb, {}, "PNG")).colormap,
        hidden,
    )
    inside = Box(10, 10, 40, 30).of(sheet(rgb, reading))
    pink = inside[:, :, 0] > 150
    np.testing.assert_array_equal(pink, hidden)


def test_every_entry_has_its_line() -> None:
    rgb, _ = plot(LEVELS, "magma")
    reading = read_levels(Picture(rgb, {}, "PNG"))
    heights = [len(sheet(rgb, reading, n)) for n in (0, 1, 12)]
    assert heights[2] - heights[0] == 12 * (heights[1] - heights[0]) > 0
    below = sheet(rgb, reading, 12)[len(rgb) :]
    assert int(below[-40:-10].min()) < 128
