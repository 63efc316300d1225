"""Each instrument against what makes it that instrument."""

from __future__ import annotations

import numpy as np
import pytest

from soundgan.drums.oscillators import Samples
from soundgan.drums.voices import LONGEST_SECONDS, SHORTEST_SECONDS, VOICES, log_uniform

RATE = 22050


def strokes(voice: str, count: int = 20, rate: int = RATE) -> list[Samples]:
    return [VOICES[voice](np.random.default_rng(n), rate) for n in range(count)]


def strongest_hz(waveform: Samples) -> float:
    windowed = waveform * np.hanning(len(waveform))
    return float(np.argmax(np.abs(np.fft.rfft(windowed, 1 << 16))) * RATE / (1 << 16))


def share_above(waveform: Samples, hz: float) -> float:
    power = np.abs(np.fft.rfft(waveform)) ** 2
    return float(power[np.fft.rfftfreq(len(waveform), 1 / RATE) > hz].sum() / power.sum())


@pytest.mark.parametrize("rate", [16000, 22050, 48000])
@pytest.mark.parametrize("voice", VOICES)
def test_a_stroke_starts_and_ends_in_silence_and_is_finite(voice: str, rate: int) -> None:
    for stroke in strokes(voice, 5, rate):
        assert np.isfinite(stroke).all()
        assert stroke[0] == stroke[-1] == 0.0
        assert SHORTEST_SECONDS - 1e-3 <= len(stroke) / rate <= LONGEST_SECONDS + 1e-3


@pytest.mark.parametrize("voice", VOICES)
def test_the_last_tenth_of_a_stroke_is_at_least_30_db_below_the_peak(voice: str) -> None:
    for stroke in strokes(voice):
        tail = stroke[-len(stroke) // 10 :]
        assert np.abs(tail).max() < 10.0 ** (-30.0 / 20.0) * np.abs(stroke).max()


@pytest.mark.parametrize("voice", VOICES)
def test_no_stroke_holds_a_constant_voltage(voice: str) -> None:
    for stroke in strokes(voice):
        assert abs(stroke.mean()) < 0.02 * np.abs(stroke).max()


def test_a_kick_ends_between_40_and_65_hz_and_starts_higher() -> None:
    for stroke in strokes("kick"):
        start, late = stroke[: RATE // 50], stroke[RATE // 10 :]
        assert 40.0 <= strongest_hz(late) <= 65.0
        assert strongest_hz(start) > 1.3 * strongest_hz(late)


def test_a_tom_is_pitched_above_every_kick_and_falls() -> None:
    for stroke in strokes("tom"):
        early, late = stroke[: RATE // 25], stroke[RATE // 5 :]
        assert 92.0 <= strongest_hz(late) <= 225.0
        assert strongest_hz(early) > strongest_hz(late)


def test_a_snare_has_both_a_head_and_wires() -> None:
    for stroke in strokes("snare"):
        assert 0.05 < share_above(stroke, 1000.0) < 0.95


def test_a_hat_lives_above_three_kilohertz() -> None:
    assert min(share_above(stroke, 3000.0) for stroke in strokes("hat")) > 0.95


def test_some_hats_are_closed_and_some_are_open() -> None:
    seconds = np.array([len(stroke) / RATE for stroke in strokes("hat", 40)])
    assert 8 <= (seconds > 0.4).sum() <= 24
    assert ((seconds < 0.2) | (seconds > 0.4)).all()


def test_a_clap_falls_silent_and_strikes_again_within_16_ms() -> None:
    def power(stroke: Samples, start_ms: float) -> float:
        begin, end = (round(ms * RATE / 1000.0) for ms in (start_ms, start_ms + 3.0))
        return float(np.mean(stroke[begin:end] ** 2))

    for stroke in strokes("clap"):
        second = max(power(stroke, ms) for ms in np.arange(8.0, 13.1, 0.5))
        assert second > 2.0 * power(stroke, 5.0)


def test_log_uniform_puts_half_of_its_numbers_below_the_geometric_mean(
    rng: np.random.Generator,
) -> None:
    numbers = np.array([log_uniform(rng, 1.0, 100.0) for _ in range(4000)])
    assert numbers.min() >= 1.0
    assert numbers.max() <= 100.0
    assert (numbers < 10.0).mean() == pytest.approx(0.5, abs=0.03)
