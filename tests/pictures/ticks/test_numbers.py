from __future__ import annotations

import pytest

from soundgan.pictures.ticks.numbers import Number, Unit, number_in, unit_in


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0", 0.0, ""),
        ("12.5", 12.5, ""),
        ("-80", -80.0, ""),
        ("+0dB", 0.0, "dB"),
        ("2.5k", 2500.0, "Hz"),
        ("8kHz", 8000.0, "Hz"),
        ("500ms", 0.5, "s"),
        ("0.25s", 0.25, "s"),
        ("1:30", 90.0, "s"),
        ("1:02:03", 3723.0, "s"),
        ("10,000", 10000.0, ""),
        ("0,125", 0.125, ""),
        ("1,5", 1.5, ""),
        ("1e-06", 1e-6, ""),
        ("2O0", 200.0, ""),
        ("DC", 0.0, ""),
    ],
)
def test_a_printed_number_has_its_value_in_hertz_seconds_or_decibels(
    text: str, value: float, unit: str
) -> None:
    read = number_in(text)
    assert read is not None
    assert read.value == pytest.approx(value)
    assert read.unit == unit


@pytest.mark.parametrize("text", ["Time", "kHz", "-", "1.2.3", "a.wav", "32-bit", ""])
def test_words_are_no_numbers(text: str) -> None:
    assert number_in(text) is None


def test_minutes_and_seconds_are_marked_as_such() -> None:
    assert number_in("0:30") == Number(30.0, "s", sexagesimal=True)


@pytest.mark.parametrize(
    ("titles", "unit"),
    [
        (["Time", "[sec]"], Unit("s", 1.0)),
        (["time,", "s"], Unit("s", 1.0)),
        (["Time(ms)"], Unit("s", 0.001)),
        (["Frequency", "(kHz)"], Unit("Hz", 1000.0)),
        (["FREQUENCY(Hz)"], Unit("Hz", 1.0)),
        (["Power/dB"], Unit("dB", 1.0)),
        (["Frequency"], Unit("Hz", None)),
        (["Kick"], Unit()),
    ],
)
def test_a_title_says_what_an_axis_measures(titles: list[str], unit: Unit) -> None:
    assert unit_in(titles) == unit
