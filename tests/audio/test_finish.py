from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from soundgan.audio.finish import Finish

RATE = 1000
"""At which 10 ms are 10 samples."""


def decay() -> NDArray[np.float32]:
    """Falls by 1 dB a sample from a peak of 0.5, for a hundred samples."""
    return (0.5 * 10 ** (-np.arange(100) / 20)).astype(np.float32)


def test_what_is_not_asked_for_is_not_done() -> None:
    sound = decay()
    same = Finish()(sound, RATE)
    assert same.tobytes() == sound.tobytes()
    assert same is not sound
    assert Finish().numbers() == {}


def test_trimming_cuts_behind_the_last_sample_within_60_db_of_the_peak() -> None:
    sound = decay()
    sound[60] *= 1.001  # exactly 60 dB below the peak, and rounding aside
    trimmed = Finish(trim=True)(sound, RATE)
    assert len(trimmed) == 61
    assert np.array_equal(trimmed, sound[:61])
    late = np.concatenate([sound, np.zeros(50, np.float32), [np.float32(-0.1)]])
    assert len(Finish(trim=True)(late, RATE)) == len(late), "a late echo is part of the sound"


def test_a_fade_ends_in_nothing_and_leaves_all_but_ten_milliseconds() -> None:
    faded = Finish(fade=True)(np.ones(100, np.float32), RATE)
    assert np.array_equal(faded[:90], np.ones(90))
    assert (np.diff(faded[89:]) < 0).all()
    # A raised cosine of ten steps, whose last is in the middle of the tenth.
    assert faded[-1] == pytest.approx(0.5 - 0.5 * np.cos(np.pi * 0.05), abs=1e-6)
    assert faded[94] == pytest.approx(1 - faded[95], abs=1e-6)


def test_a_short_sound_keeps_its_first_half() -> None:
    faded = Finish(fade=True)(np.ones(8, np.float32), RATE)
    assert np.array_equal(faded[:4], np.ones(4))
    assert faded[-1] < 0.1


def test_normalising_brings_the_peak_to_one_decibel_below_full_scale_after_all_else() -> None:
    click = np.zeros(20, np.float32)
    click[0], click[-1] = 0.2, -0.4  # the louder one is faded
    loud = Finish(fade=True, normalise=True)(click, RATE)
    assert np.abs(loud).max() == pytest.approx(10 ** (-1 / 20))
    assert np.abs(loud).argmax() == 0


@pytest.mark.parametrize("level", [0.0, 0.009])
def test_silence_is_not_made_louder(level: float) -> None:
    quiet = np.full(30, level, np.float32)
    assert np.array_equal(Finish(normalise=True)(quiet, RATE), quiet)
    assert len(Finish(trim=True, fade=True, normalise=True)(np.zeros(30, np.float32), RATE)) == 30


def test_the_provenance_names_what_was_done_and_how_much() -> None:
    every = Finish(trim=True, fade=True, normalise=True)
    assert every.numbers() == {"trim_db": 60.0, "fade_ms": 10.0, "normalise_db": -1.0}
    assert Finish(fade=True).numbers() == {"fade_ms": 10.0}
