from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from soundgan.audio.mel import hz_to_mel
from soundgan.pipelines.spectrogram.plot import mark_frequency, mark_time
from soundgan.representations.log_magnitude import LogMagnitude
from soundgan.representations.log_mel import LogMel, LogMelOptions
from soundgan.shapes import ClipSpec, ImageSpec


@pytest.fixture
def axes() -> Axes:
    figure = Figure()
    FigureCanvasAgg(figure)
    return figure.add_axes((0.1, 0.1, 0.8, 0.8))


def labels(axes: Axes, side: str) -> list[str]:
    axes.figure.canvas.draw()
    axis = getattr(axes, f"{side}axis")
    low, high = sorted(getattr(axes, f"get_{side}lim")())
    return [
        label.get_text()
        for label, at in zip(axis.get_ticklabels(), axis.get_majorticklocs(), strict=True)
        if low <= at <= high
    ]


@pytest.mark.parametrize("scale", ["slaney", "htk"])
@pytest.mark.parametrize("low_hz", [0.0, 40.0])
def test_mel_bands_of_equal_height_stand_at_their_frequencies(
    axes: Axes, scale: Literal["slaney", "htk"], low_hz: float
) -> None:
    options = LogMelOptions(mel_scale=scale, f_min_hz=low_hz, f_max_hz=8000.0, n_fft=512)
    mark_frequency(axes, LogMel(options, ClipSpec(16_000, 16_000), ImageSpec(1, 64, 64)))
    low, high = hz_to_mel(low_hz, scale), hz_to_mel(8000.0, scale)
    for hz in (250.0, 1000.0, 4000.0):
        pixel = axes.transData.transform((0.0, hz))
        height = axes.transAxes.inverted().transform(pixel)[1]
        assert height == pytest.approx((hz_to_mel(hz, scale) - low) / (high - low), abs=1e-9)
    shown = ["250", "500", "1 000", "2 000", "4 000", "8 000"]
    assert [text.replace("\N{THIN SPACE}", " ") for text in labels(axes, "y")] == [
        *(["0"] if low_hz == 0.0 else []),
        *shown,
    ]


def test_linear_frequencies_are_round_and_end_within_the_plot(axes: Axes) -> None:
    part = LogMagnitude.Options(n_fft=512)
    mark_frequency(axes, LogMagnitude(part, ClipSpec(22_050, 22_050), ImageSpec(1, 257, 64)))
    assert axes.get_ylim() == (0.0, 11_025.0)
    assert labels(axes, "y")[-1] == "10\N{THIN SPACE}000"


@pytest.mark.parametrize(
    ("seconds", "unit", "first"),
    [
        (0.25, "time, s", "0.00 0.05"),
        (60.0, "time, s", "0 10 20"),
        (95.0, "time, min:s", "0:00 0:15 0:30"),
        (1500.0, "time, min:s", "0:00 5:00 10:00"),
        (4000.0, "time, h:min:s", "0:00:00 0:10:00"),
        (20_000.0, "time, h:min:s", "0:00:00 1:00:00"),
        (200_000.0, "time, h:min:s", "0:00:00 10:00:00"),
    ],
)
def test_minutes_are_told_as_minutes(axes: Axes, seconds: float, unit: str, first: str) -> None:
    mark_time(axes, seconds)
    shown = labels(axes, "x")
    assert axes.get_xlabel() == unit
    assert " ".join(shown).startswith(first)
    assert 3 <= len(shown) <= 12
    assert np.all(np.diff(axes.get_xlim()) == seconds)
