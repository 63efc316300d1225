"""The zoo's measures, on sounds that are moved by known amounts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soundgan.pictures.box import Box
from tests.benchmarks.pictures.drawn import Drawn
from tests.benchmarks.pictures.imitated import bare
from tests.benchmarks.pictures.measures import distance
from tests.benchmarks.pictures.run import misread
from tests.benchmarks.pictures.signals import RATE, Signal, clicks, melody


def tone(hz: float) -> Signal:
    samples = 0.5 * np.sin(2 * np.pi * hz * np.arange(RATE) / RATE)
    return Signal("tone", samples.astype(np.float32), True, ())


@pytest.mark.parametrize("cents", [0.0, 20.0, 100.0])
def test_a_tone_is_as_many_cents_away_as_it_is_higher(cents: float) -> None:
    other = tone(1000.0 * 2.0 ** (cents / 1200.0))
    measured = distance(tone(1000.0), other.samples, RATE).cents
    assert measured == pytest.approx(cents, abs=1.0)


@pytest.mark.parametrize("signal", [clicks(), melody()], ids=["clicks", "melody"])
def test_a_delay_of_ten_milliseconds_is_measured_as_one(signal: Signal) -> None:
    late = np.roll(signal.samples, RATE // 100)
    assert distance(signal, late, RATE).onset_ms == pytest.approx(10.0, abs=1.0)


def test_loudness_does_not_count() -> None:
    signal = melody()
    assert distance(signal, 0.1 * signal.samples, RATE).spectral_db == pytest.approx(0.0, abs=0.1)


def test_silence_is_far_away_and_no_error() -> None:
    far = distance(melody(), np.zeros(RATE, np.float32), RATE)
    assert not far.near()
    assert far.spectral_db > 5.0


def test_a_box_three_pixels_off_is_told_and_two_are_not(tmp_path: Path) -> None:
    truth = bare(melody(), tmp_path / "a.png")
    rgb = np.zeros((256, 512, 3), np.uint8)
    right = {"colormap": "magma", "duration, s": "2"}
    assert misread({**right, "crop": "2,0,512,256"}, truth, rgb) == ()
    assert misread({**right, "crop": "3,0,512,256"}, truth, rgb) == ("box",)


def test_what_is_told_are_options_of_invert() -> None:
    truth = Drawn(Box(0, 0, 9, 9), 2.0, 4000.0, range_db=70.0, turned={"time": "down"})
    assert truth.told() == {
        "seconds": 2.0,
        "axis": "linear",
        "f_min": 0.0,
        "f_max": 4000.0,
        "time": "down",
        "range_db": 70.0,
    }
