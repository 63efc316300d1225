"""Colour bars by matplotlib, whose ends and colours are known."""

from __future__ import annotations

from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import LinearSegmentedColormap

from soundgan.pictures.box import Box
from soundgan.pictures.colours import colormap_of, to_level
from soundgan.pictures.ticks.bar import Bar, read_bar
from tests.pictures.drawn import Colours, chirp_levels, error, figure, inside, jpeg, rendered
from tests.sampling import first_always

LEVELS = chirp_levels()
RUST = LinearSegmentedColormap.from_list("rust", ["#ffffff", "#ffe080", "#a04000", "#301000"])
SEA = LinearSegmentedColormap.from_list("sea", ["#c0c0c0", "#8090ff", "#ff00ff", "#ff0000"])


def plotted(
    colormap: Any, low: float, high: float, title: str = "dB", **bar: Any
) -> tuple[Colours, Box]:
    drawn = figure(figsize=(6.4, 4.8), dpi=100)
    axes = drawn.subplots()
    image = axes.imshow(
        low + (high - low) * LEVELS,
        origin="lower",
        aspect="auto",
        cmap=colormap,
        vmin=low,
        vmax=high,
    )
    axes.set(xlabel="Time [s]", ylabel="Frequency [Hz]")
    drawn.colorbar(image, ax=axes, label=title, **bar)
    return rendered(drawn), inside(axes, drawn)


def read(picture: Colours, box: Box) -> Bar:
    bar = read_bar(picture, box)
    assert bar is not None
    return bar


@pytest.mark.parametrize("side", ["right", "left", "bottom", "top"])
@pytest.mark.parametrize(("low", "high"), [(-70.0, 0.0), (-95.0, -15.0)])
def test_a_bar_on_any_side_tells_the_decibels_of_its_ends(
    side: str, low: float, high: float
) -> None:
    bar = read(*plotted("magma", low, high, location=side, pad=0.2))
    assert (bar.side, bar.levels) == (side, "db")
    assert (bar.low, bar.high) == pytest.approx((low, high), abs=0.6)


@pytest.mark.parametrize(
    "colormap",
    ["magma", "Greys", "gray_r", RUST, SEA],
    ids=["magma", "Greys", "gray_r", "rust", "sea"],
)
def test_levels_follow_the_colours_of_a_bar_whatever_map_it_is(colormap: Any) -> None:
    picture, box = plotted(colormap, -80.0, 0.0)
    for drawn in (picture, jpeg(picture, 90)):
        part = box.of(drawn)
        found = colormap_of(read(drawn, box).colours, part)
        assert found is not None
        assert error(to_level(part, found)[::-1], LEVELS) < 0.03


def test_a_known_map_keeps_its_name_and_direction() -> None:
    for name in ("magma", "viridis_r", "gray_r"):
        picture, box = plotted(name, -80.0, 0.0)
        colours = matplotlib.colormaps[name](np.arange(256), bytes=True)[:, :3].astype(np.float32)
        bar = read(picture, box)
        assert np.abs(bar.colours - colours).mean() < 3.0
        found = colormap_of(bar.colours, box.of(picture))
        assert found is not None
        assert str(found) == name


@pytest.mark.parametrize(
    ("title", "levels"),
    [("Amplitude", "amplitude"), ("Magnitude", "amplitude"), ("Power", "power")],
)
def test_a_bar_from_zero_says_what_its_levels_are(title: str, levels: str) -> None:
    assert read(*plotted("hot", 0.0, 1.0, title)).levels == levels


@pytest.mark.parametrize(("low", "high", "title"), [(0.0, 1.0, ""), (0.0, 8000.0, "Hz")])
def test_numbers_of_something_else_tell_no_levels(low: float, high: float, title: str) -> None:
    assert read_bar(*plotted("magma", low, high, title)) is None


def test_a_bar_of_other_colours_is_not_the_plots() -> None:
    picture, box = plotted("magma", -80.0, 0.0)
    other, _ = plotted("viridis", -80.0, 0.0)
    assert colormap_of(read(other, box).colours, box.of(picture)) is None


def test_a_plot_without_a_bar_has_none() -> None:
    picture, box = plotted("magma", -80.0, 0.0)
    picture = picture.copy()
    picture[:, box.right + 4 :] = 255
    assert read_bar(picture, box) is None


@pytest.mark.parametrize("number", first_always(["2", "3", "4", "5"]))
def test_numbers_in_equal_steps_of_a_root_tell_the_root(number: str) -> None:
    root = int(number)
    steps = np.linspace(0.04, 1.0, 13)
    bar = read(*plotted("magma", 0.0, 1.0, "", ticks=steps, format=lambda x, _: f"{x**root:.3f}"))
    assert bar.levels == f"power:{1 / root:.4g}"
    assert (bar.low, bar.high) == pytest.approx((0.0, 1.0), abs=0.02)
    assert "root" in bar.why
