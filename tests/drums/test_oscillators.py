"""Oscillators against integrals and spectra."""

from __future__ import annotations

import numpy as np
import pytest

from soundgan.drums.oscillators import band_gain, band_noise, falling_sine, metal, time_axis

RATE = 22050


def test_the_time_axis_counts_samples_in_seconds() -> None:
    time = time_axis(0.5, RATE)
    assert len(time) == RATE // 2
    assert time[0] == 0.0
    assert time[-1] == pytest.approx(0.5 - 1 / RATE)


def test_a_falling_sine_is_the_sine_of_its_integrated_frequency() -> None:
    rate = 1_000_000
    time = time_axis(0.1, rate)
    frequency = 50.0 + 200.0 * np.exp(-time / 0.02)
    phase = 2.0 * np.pi * np.cumsum(frequency) / rate
    swept = falling_sine(time, start_hz=250.0, end_hz=50.0, fall_seconds=0.02)
    np.testing.assert_allclose(swept, np.sin(phase), atol=2e-3)


def test_a_falling_sine_that_does_not_fall_is_a_sine() -> None:
    time = time_axis(0.1, RATE)
    steady = falling_sine(time, start_hz=440.0, end_hz=440.0, fall_seconds=0.01)
    np.testing.assert_allclose(steady, np.sin(2.0 * np.pi * 440.0 * time), atol=1e-12)


def test_a_band_loses_half_its_power_at_the_edges_and_24_db_an_octave_on() -> None:
    gain_db = 20.0 * np.log10(band_gain(np.array([50.0, 100.0, 1000.0, 1e4, 2e4]), 100.0, 1e4))
    assert gain_db.tolist() == pytest.approx([-24.1, -3.01, 0.0, -3.01, -24.1], abs=0.02)


def test_a_band_is_silent_at_zero_hertz() -> None:
    assert band_gain(np.array([0.0]), 100.0, 1e4)[0] < 1e-12


def test_band_noise_has_unit_power_inside_its_band(rng: np.random.Generator) -> None:
    noise = band_noise(rng, RATE, RATE, low_hz=1000.0, high_hz=4000.0)
    power = np.abs(np.fft.rfft(noise)) ** 2
    frequency = np.fft.rfftfreq(RATE, 1 / RATE)
    within_an_octave = power[(frequency > 500.0) & (frequency < 8000.0)].sum() / power.sum()
    between_the_edges = power[(frequency > 1000.0) & (frequency < 4000.0)].sum() / power.sum()
    assert np.mean(noise**2) == pytest.approx(1.0)
    assert within_an_octave > 0.995
    # The power response 1 / (1 + x^8) at both edges, integrated, has 84 % between them.
    assert between_the_edges == pytest.approx(0.84, abs=0.02)


def test_metal_sounds_only_at_odd_harmonics_below_its_upper_edge(
    rng: np.random.Generator,
) -> None:
    ring = metal(rng, time_axis(1.0, RATE), [500.0], low_hz=4000.0, high_hz=9000.0)
    power = np.abs(np.fft.rfft(ring)) ** 2
    loud = np.nonzero(power > 1e-9 * power.max())[0]  # one second: bin n is n hertz
    assert set(loud.tolist()) == set(range(2500, 9001, 1000))
    assert np.mean(ring**2) == pytest.approx(1.0, rel=1e-6)


def test_metal_without_a_harmonic_in_the_band_is_silent(rng: np.random.Generator) -> None:
    assert not metal(rng, time_axis(0.1, RATE), [9000.0], low_hz=100.0, high_hz=8000.0).any()
