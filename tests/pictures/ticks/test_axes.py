"""Plots drawn by matplotlib and librosa, whose axes are known, and others like those of sox."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from librosa.display import specshow

from soundgan.pictures.box import Box
from soundgan.pictures.plot import find_plot
from soundgan.pictures.ticks.axes import Axes, read_axes
from tests.pictures.drawn import Colours, chirp_levels, figure, inside, jpeg, rendered

LEVELS = chirp_levels()


def plotted(
    seconds: float,
    top: float,
    *,
    x_title: str = "Time (s)",
    y_title: str = "Frequency (Hz)",
    style: str = "default",
    log: bool = False,
    **extent: Any,
) -> tuple[Colours, Box]:
    drawn = figure(style, figsize=(6.4, 4.8), dpi=100)
    axes = drawn.subplots()
    if log:
        hertz = np.geomspace(50, top, 129)
        axes.pcolormesh(np.linspace(0, seconds, 201), hertz, LEVELS, cmap="magma")
        axes.set_yscale("log")
    else:
        shown = extent or {"extent": (0, seconds, 0, top)}
        axes.imshow(LEVELS, origin="lower", aspect="auto", cmap="magma", **shown)
    axes.set(xlabel=x_title, ylabel=y_title)
    return rendered(drawn, facecolor=drawn.get_facecolor()), inside(axes, drawn)


def edges(axes: Axes, box: Box) -> tuple[float, float, float, float]:
    """Duration, and lowest and highest frequency."""
    assert axes.time is not None
    assert axes.frequency is not None
    start, stop = (axes.time.ruler.at(place) for place in axes.time.ends(box))
    low, high = (axes.frequency.ruler.at(place) for place in axes.frequency.ends(box))
    return stop - start, low, high, axes.frequency.ruler.error


@pytest.mark.parametrize("style", ["default", "bmh", "grayscale"])
def test_duration_and_frequencies_are_what_the_ticks_say(style: str) -> None:
    picture, box = plotted(2.0, 8000.0, style=style)
    seconds, low, high, _ = edges(read_axes(picture, box), box)
    assert seconds == pytest.approx(2.0, rel=0.005)
    assert low == pytest.approx(0.0, abs=15.0)
    assert high == pytest.approx(8000.0, abs=15.0)


def test_a_jpeg_of_a_plot_is_read_as_well() -> None:
    picture, box = plotted(3.7, 11025.0)
    seconds, _, high, _ = edges(read_axes(jpeg(picture, 85), box), box)
    assert seconds == pytest.approx(3.7, rel=0.01)
    assert high == pytest.approx(11025.0, rel=0.005)


def test_kilohertz_and_milliseconds_are_told_from_their_titles() -> None:
    picture, box = plotted(800.0, 16.0, x_title="Time [ms]", y_title="Frequency [kHz]")
    seconds, _, high, _ = edges(read_axes(picture, box), box)
    assert seconds == pytest.approx(0.8, rel=0.01)
    assert high == pytest.approx(16000.0, rel=0.005)


def test_powers_of_ten_are_a_logarithmic_axis() -> None:
    picture, box = plotted(2.0, 22050.0, log=True)
    axes = read_axes(picture, box)
    assert axes.frequency is not None
    assert axes.frequency.ruler.kind == "log"
    assert edges(axes, box)[1:3] == pytest.approx((50.0, 22050.0), rel=0.02)


def test_frequencies_that_go_across_are_known_by_their_unit() -> None:
    picture, box = plotted(8000.0, 2.0, x_title="Frequency (Hz)", y_title="Time (s)")
    axes = read_axes(picture, box)
    assert axes.frequency is axes.across
    assert axes.time is axes.upward


def test_rows_and_columns_that_are_counted_are_no_axes() -> None:
    picture, box = plotted(0, 0, x_title="", y_title="", interpolation="nearest")
    assert read_axes(picture, box) == Axes()


@pytest.mark.parametrize("axis", ["linear", "log", "mel"])
def test_plots_of_librosa_tell_their_axis(axis: str) -> None:
    drawn = figure(figsize=(8, 4), dpi=100)
    axes = drawn.subplots()
    levels = -80.0 + 80.0 * LEVELS[: 127 if axis == "mel" else 128]
    image = specshow(levels, sr=22050, hop_length=256, x_axis="time", y_axis=axis, ax=axes)
    drawn.colorbar(image, ax=axes, format="%+2.0f dB")
    picture = rendered(drawn)
    box = find_plot(picture)
    assert box is not None
    read = read_axes(picture, box)
    assert read.frequency is not None
    expected = {"linear": "linear", "log": "librosa_log", "mel": "librosa_mel"}[axis]
    assert read.frequency.ruler.kind == expected
    assert edges(read, box)[2] == pytest.approx(11025.0, rel=0.02)
    assert edges(read, box)[0] == pytest.approx(200 * 256 / 22050, rel=0.01)


def test_a_picture_without_numbers_has_no_axes() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (200, 300, 3), dtype=np.uint8)
    assert read_axes(noise, Box(0, 0, 300, 200)) == Axes()
    assert read_axes(noise, Box(50, 20, 280, 160)) == Axes()
