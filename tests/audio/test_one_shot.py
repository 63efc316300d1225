"""Sounds are cut where nothing is heard, and levelled as asked."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from soundgan.audio.level import peak
from soundgan.audio.one_shot import cut, gains, loudness

RATE = 8000


def tone(hertz: float, level: float, n: int = RATE) -> NDArray[np.float32]:
    seconds = np.arange(n) / RATE
    return (level * np.sin(2 * np.pi * hertz * seconds)).astype(np.float32)


def test_silence_around_a_sound_is_cut_to_a_millisecond_that_fades() -> None:
    sound = np.zeros(1000, np.float32)
    sound[300:400] = 0.5
    sound[600] = 0.5 * 0.0009  # 61 dB below
    kept = cut(sound, RATE)
    assert len(kept) == 8 + 100 + 8
    np.testing.assert_array_equal(kept[8:108], 0.5)
    assert not kept[:8].any()


def test_what_is_not_cut_is_not_faded() -> None:
    sound = np.full(100, 0.25, np.float32)
    np.testing.assert_array_equal(cut(sound, RATE), sound)
    late = np.concatenate([np.full(50, 0.2), np.full(50, 1e-5)]).astype(np.float32)
    assert cut(late, RATE)[0] == np.float32(0.2)
    assert len(cut(np.zeros(100, np.float32), RATE)) == 8


def test_loudness_follows_the_a_curve_of_the_standard() -> None:
    """IEC 61672-1: -19.1 dB at 100 Hz, 0 at 1 kHz, +1.0 dB at 4 kHz (the bin below Nyquist)."""
    base = loudness(tone(1000, 0.5), RATE)
    assert base == pytest.approx(0.5 / np.sqrt(2), rel=0.01)
    for hertz, decibels in ((100, -19.1), (200, -10.9), (2000, 1.2), (3150, 1.2)):
        ratio = loudness(tone(hertz, 0.5), RATE) / base
        assert 20 * np.log10(ratio) == pytest.approx(decibels, abs=0.15)


def test_loudness_is_that_of_the_loudest_tenth_of_a_second() -> None:
    sound = np.concatenate([tone(1000, 0.5, 1600), np.zeros(8000)]).astype(np.float32)
    assert loudness(sound, RATE) == pytest.approx(loudness(tone(1000, 0.5), RATE), rel=0.02)


def test_levels_are_those_asked_for() -> None:
    sounds = [tone(1000, 0.5), tone(100, 0.1), tone(500, 0.001)]
    by_peak = gains(sounds, RATE, "peak")
    assert [peak(s) * g for s, g in zip(sounds[:2], by_peak, strict=False)] == pytest.approx(
        [0.891251] * 2, rel=1e-4
    )
    assert by_peak[2] == 1.0  # silence is not made louder
    assert gains(sounds, RATE, "as-made") == [1.0] * 3
    even = gains(sounds, RATE, "loudness")
    heard = [loudness(s * np.float32(g), RATE) for s, g in zip(sounds[:2], even, strict=False)]
    assert heard[0] == pytest.approx(heard[1], rel=1e-4)
    assert max(peak(s) * g for s, g in zip(sounds[:2], even, strict=False)) == pytest.approx(
        0.891251, rel=1e-4
    )
