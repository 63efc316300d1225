"""Characters of known signals, and fresh hits recognised."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest
import soxr

from soundgan.drums.kit import CLASSES, play
from soundgan.errors import AudioError
from tests.drums.character import describe, nearest_class

RATE = 22050


def sine(hz: float, seconds: float = 0.5) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return np.sin(2.0 * np.pi * hz * time).astype(np.float32)


@pytest.mark.parametrize(
    ("hz", "low", "body", "mid"),
    [(50.0, 1, 0, 0), (440.0, 0, 1, 0), (1000.0, 0, 0, 1), (5000.0, 0, 0, 0)],
)
def test_a_tone_has_its_frequency_as_centroid_and_its_energy_in_one_band(
    hz: float, low: float, body: float, mid: float
) -> None:
    character = describe(sine(hz), RATE)
    assert character.centroid_hz == pytest.approx(hz, rel=0.01)
    shares = (character.low_share, character.body_share, character.mid_share)
    assert shares == pytest.approx((low, body, mid), abs=0.01)


def test_two_equal_tones_have_their_centroid_in_the_middle() -> None:
    assert describe(sine(400.0) + sine(600.0), RATE).centroid_hz == pytest.approx(500.0, rel=0.01)


def test_a_tone_that_loses_60_db_in_600_ms_loses_20_in_200() -> None:
    time = np.arange(RATE) / RATE
    fading = (sine(1000.0, 1.0) * 10.0 ** (-3.0 * time / 0.6)).astype(np.float32)
    assert describe(fading, RATE).decay_seconds == pytest.approx(0.2, abs=0.01)


def test_a_slow_attack_has_the_longer_rise() -> None:
    slow = np.minimum(1.0, np.arange(RATE // 2) / (0.2 * RATE)).astype(np.float32)
    time = np.arange(RATE // 2) / RATE
    fading = 10.0 ** (-time / 2.0)
    tone = sine(500.0)
    # The envelope is a power: a linear rise passes a tenth of it at sqrt(0.1) of the way.
    expected = 0.2 * (1.0 - np.sqrt(0.1))
    gentle = describe((tone * slow * fading).astype(np.float32), RATE)
    assert gentle.rise_seconds == pytest.approx(expected, abs=0.015)
    assert describe((tone * fading).astype(np.float32), RATE).rise_seconds < 0.01


def test_the_level_does_not_matter() -> None:
    hit = play("snare", 1, seed=0)
    loud = describe(hit.waveform, hit.recording.sample_rate)
    quiet = describe((hit.waveform / 64.0).astype(np.float32), hit.recording.sample_rate)
    assert astuple(quiet) == pytest.approx(astuple(loud))


@pytest.mark.parametrize("voice", CLASSES)
def test_the_sample_rate_does_not_matter(voice: str) -> None:
    hit = play(voice, 17, seed=0)
    assert hit.recording.sample_rate == 48000
    full = describe(hit.waveform, 48000)
    half = describe(soxr.resample(hit.waveform, 48000, 22050), 22050)
    assert half.centroid_hz == pytest.approx(full.centroid_hz, rel=0.01)
    assert astuple(half)[1:4] == pytest.approx(astuple(full)[1:4], abs=0.02)
    assert half.decay_seconds == pytest.approx(full.decay_seconds, abs=0.01, rel=0.1)


@pytest.mark.parametrize("samples", [[], [0.0] * 100, [0.1, float("nan")], [float("inf"), 0.1]])
def test_a_sound_that_is_none_is_refused(samples: list[float]) -> None:
    with pytest.raises(AudioError, match="empty, silent or not finite"):
        describe(np.array(samples, dtype=np.float32), RATE)


@pytest.mark.slow
def test_fresh_hits_are_recognised_95_times_in_100() -> None:
    hits = [play(voice, number, seed=42) for voice in CLASSES for number in range(1, 41)]
    named = [nearest_class(describe(hit.waveform, hit.recording.sample_rate)) for hit in hits]
    right = np.array([hit.voice == name for hit, name in zip(hits, named, strict=True)])
    assert right.mean() >= 0.95
    assert right.reshape(len(CLASSES), -1).mean(axis=1).min() >= 0.9


@pytest.mark.parametrize(
    ("voice", "low_hz", "high_hz"),
    [
        ("kick", 45.0, 180.0),
        ("tom", 100.0, 320.0),
        ("snare", 500.0, 4500.0),
        ("clap", 1000.0, 3000.0),
        ("hat", 5000.0, 7500.0),
    ],
)
def test_a_class_has_the_brightness_of_its_instrument(
    voice: str, low_hz: float, high_hz: float
) -> None:
    hits = [play(voice, number, seed=5) for number in range(1, 21)]
    centroids = [describe(hit.waveform, hit.recording.sample_rate).centroid_hz for hit in hits]
    assert low_hz < min(centroids)
    assert max(centroids) < high_hz
