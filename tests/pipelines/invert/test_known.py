from __future__ import annotations

import numpy as np
import pytest

from soundgan.errors import UsageError
from soundgan.pictures.box import Box
from soundgan.pictures.ticks.axes import Axes, ReadAxis
from soundgan.pictures.ticks.bar import Bar
from soundgan.pictures.ticks.ruler import Label, Ruler
from soundgan.pictures.tools import TOOLS
from soundgan.pipelines.invert.known import Known, power_of
from soundgan.pipelines.invert.stated import Stated

BOX = Box(100, 50, 500, 250)
TIME = ReadAxis(
    "s", Ruler("linear", 200.0, 100.0, (Label(100, 0), Label(300, 1)), 0.0, 0), "bottom", True
)
FREQUENCY = ReadAxis(
    "Hz", Ruler("linear", -0.01, 250.0, (Label(250, 0), Label(150, 10_000)), 0.0, 0), "left", True
)


def test_what_is_printed_fills_what_is_not_stated() -> None:
    known = Known(Stated(f_max_hz=8000.0), Axes(TIME, FREQUENCY), BOX)
    assert known.seconds == pytest.approx(2.0)
    assert (known.f_min_hz, known.f_max_hz) == (0.0, 8000.0)
    read = {item.name: item.value for item in known.assumptions if item.read}
    assert read == {"duration, s": "2", "frequency axis": "linear", "lowest frequency, Hz": "0"}


def test_a_high_axis_raises_the_sample_rate() -> None:
    known = Known(Stated(), Axes(TIME, FREQUENCY), BOX)
    assert known.f_max_hz == pytest.approx(20_000.0)
    assert known.sample_rate == 40_000


@pytest.mark.parametrize(
    ("zero_at", "lowest_hz"),
    [(250.7, 0.0), (249.5, -50.0), (252.0, 200.0)],
    ids=["tick half a pixel outside", "margin below 0 Hz", "a plot from 200 Hz"],
)
@pytest.mark.parametrize("flipped", [False, True])
def test_a_plot_does_not_begin_less_than_a_pixel_above_0_hz(
    zero_at: float, lowest_hz: float, flipped: bool
) -> None:
    scale, origin = (0.01, 300.0 - zero_at) if flipped else (-0.01, zero_at)
    ruler = Ruler("linear", scale, origin, (Label(250, 0), Label(150, 10_000)), 0.0, 0)
    known = Known(Stated(), Axes(TIME, ReadAxis("Hz", ruler, "left", True)), BOX)
    assert known.f_min_hz == pytest.approx(lowest_hz)


def test_an_upper_edge_a_little_above_the_usual_rate_keeps_that_rate() -> None:
    ruler = Ruler("linear", -200 / 11_050, 250.0, (Label(250, 0), Label(69, 10_000)), 0.0, 0)
    known = Known(Stated(), Axes(TIME, ReadAxis("Hz", ruler, "left", True)), BOX)
    assert known.f_max_hz == pytest.approx(11_050)
    assert known.sample_rate == 22_050


@pytest.mark.parametrize(
    ("name", "range_db"),
    [("sox", 120.0), ("ffmpeg", 120.0), ("praat", 50.0), ("matlab", 80.0), ("", 80.0)],
)
def test_the_program_that_drew_a_picture_tells_its_range(name: str, range_db: float) -> None:
    assumed = Known(Stated(), Axes(), BOX, tool=TOOLS.load(name) if name else None)
    assert assumed.range_db == range_db
    (item,) = (item for item in assumed.assumptions if item.parameter == "range_db")
    assert item.why.startswith("usual") == (name in ("sox", "ffmpeg", "praat"))
    assert Known(Stated(range_db=60.0), Axes(), BOX, tool=TOOLS.load("sox")).range_db == 60.0


def test_a_colour_bar_tells_the_range_unless_another_is_stated() -> None:
    bar = Bar("right", BOX, "db", -95.0, -15.0, np.zeros((256, 3), np.float32), "its numbers")
    read = Known(Stated(), Axes(), BOX, bar=bar, tool=TOOLS.load("sox"))
    assert read.range_db == 80.0
    (item,) = (item for item in read.assumptions if item.parameter == "range_db")
    assert (item.value, item.why, item.read) == ("80", "its numbers", True)
    assert Known(Stated(range_db=60.0), Axes(), BOX, bar=bar).range_db == 60.0


def test_a_colour_bar_tells_levels_that_are_no_decibels_unless_others_are_stated() -> None:
    bar = Bar("right", BOX, "power", 0.0, 1.0, np.zeros((256, 3), np.float32), "its numbers")
    assert Known(Stated(), Axes(), BOX, bar=bar).power == 2.0
    assert Known(Stated(levels="amplitude"), Axes(), BOX, bar=bar).power == 1.0
    assert Known(Stated(levels="db"), Axes(), BOX, bar=bar).power is None


@pytest.mark.parametrize(
    ("levels", "power"),
    [(None, None), ("db", None), ("amplitude", 1.0), ("power", 2.0), ("power:0.25", 0.25)],
)
def test_levels_are_a_power_of_amplitude_or_decibels(
    levels: str | None, power: float | None
) -> None:
    assert power_of(levels) == power


@pytest.mark.parametrize("levels", ["", "loud", "power:", "power:0", "power:nan", "0.5", "power:9"])
def test_other_levels_are_refused(levels: str) -> None:
    with pytest.raises(UsageError, match="no such levels; choose db"):
        power_of(levels)
