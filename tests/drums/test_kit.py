"""The kit: seeds, levels and recordings."""

from __future__ import annotations

import numpy as np
import pytest

from soundgan.drums.kit import CLASSES, LOUDEST_DB, QUIETEST_DB, play, recording_of


@pytest.mark.parametrize("voice", CLASSES)
def test_the_same_hit_is_the_same_and_every_other_hit_is_not(voice: str) -> None:
    first = play(voice, 1, seed=0).waveform
    np.testing.assert_array_equal(play(voice, 1, seed=0).waveform, first)
    for other in (play(voice, 1, seed=1), play(voice, 2, seed=0)):
        assert other.waveform.shape != first.shape or not np.array_equal(other.waveform, first)


@pytest.mark.parametrize("voice", CLASSES)
def test_the_peak_lies_between_the_stated_levels(voice: str) -> None:
    peaks = [np.abs(play(voice, n, seed=3).waveform).max() for n in range(1, 31)]
    levels_db = 20.0 * np.log10(np.array(peaks))
    assert levels_db.max() <= LOUDEST_DB + 1e-4
    assert levels_db.min() >= QUIETEST_DB - 1e-4
    assert levels_db.std() > 1.5


@pytest.mark.parametrize("voice", CLASSES)
def test_a_hit_lasts_between_a_seventh_of_a_second_and_a_second(voice: str) -> None:
    for number in range(1, 31):
        hit = play(voice, number, seed=4)
        assert 0.149 <= len(hit.waveform) / hit.recording.sample_rate <= 1.0
        assert hit.waveform.dtype == np.float32


def test_the_first_ten_recordings_are_of_every_kind() -> None:
    recordings = [recording_of(number) for number in range(1, 11)]
    assert {r.sample_rate for r in recordings} == {16000, 22050, 44100, 48000}
    assert {r.file_format for r in recordings} == {"wav", "flac"}


def test_most_recordings_share_one_rate() -> None:
    rates = [recording_of(number).sample_rate for number in range(1, 61)]
    assert rates.count(22050) == 42


def test_file_names_do_not_depend_on_the_seed() -> None:
    assert play("kick", 1, seed=0).file_name == "kick/kick_0001.wav"
    assert play("kick", 6, seed=5).file_name == "kick/kick_0006.flac"
