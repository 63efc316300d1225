from __future__ import annotations

import numpy as np
import pytest

from soundgan.audio.level import amplitude, decibels, fade, peak, quantise
from tests.sounds import tone


@pytest.mark.parametrize(
    ("ratio", "expected"), [(1.0, 0.0), (0.1, -20.0), (10.0, 20.0), (0.0, -120.0), (1e-9, -120.0)]
)
def test_decibels_of_known_ratios(ratio: float, expected: float) -> None:
    assert decibels(ratio) == pytest.approx(expected)


def test_amplitude_undoes_decibels() -> None:
    assert amplitude(decibels(0.37)) == pytest.approx(0.37)


def test_sixteen_bits_come_out_as_they_went_in() -> None:
    every = np.arange(-32768, 32768, dtype=np.int32)
    out = np.zeros(65536, np.int16)
    quantise((every / 32768).astype(np.float32), out)
    np.testing.assert_array_equal(out, every)


def test_what_is_beyond_full_scale_stays_at_full_scale() -> None:
    out = np.zeros(3, np.int16)
    quantise(np.array([1.0, -1.5, 7.0], np.float32), out)
    assert out.tolist() == [32767, -32768, 32767]


def test_a_fade_touches_its_ends_only() -> None:
    faded = np.ones(100, np.float32)
    fade(faded, 10, 20)
    assert (faded[10:80] == 1).all()
    assert (np.diff(faded[:10]) > 0).all()
    assert (np.diff(faded[80:]) < 0).all()
    assert faded[0] < 0.01
    assert faded[-1] < 0.01


def test_a_fade_is_half_a_cosine_that_skips_silence_and_full_level() -> None:
    # At a quarter and three quarters of the way: (1 - cos 45 degrees) / 2, and the rest of it.
    faded = np.ones(4, np.float32)
    fade(faded, 2, 2)
    low = (1 - 0.5**0.5) / 2
    assert faded.tolist() == pytest.approx([low, 1 - low, 1 - low, low], abs=1e-7)


def test_no_fade_changes_nothing() -> None:
    waveform = tone(0.1)
    fade(waveform, 0, 0)
    np.testing.assert_array_equal(waveform, tone(0.1))


def test_a_fade_longer_than_the_waveform_is_cut() -> None:
    waveform = np.ones(5, np.float32)
    fade(waveform, 50, 50)
    assert (waveform < 1).all()


def test_the_peak_is_the_largest_magnitude_of_either_sign() -> None:
    assert peak(np.array([0.25, -0.5], np.float32)) == 0.5
    assert peak(np.array([0.25, 0.75], np.float32)) == 0.75
