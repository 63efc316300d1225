from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundgan.ingest.survey import (
    Surveyed,
    choose_rate,
    lengths_to_hold,
    order_for_survey,
    seconds_to_listen,
    survey_file,
    tidy_length,
)
from tests.sounds import silence, tone, write


@pytest.mark.parametrize(
    ("rates", "chosen"),
    [
        ([8000], 8000),
        ([44100, 8000, 44100], 44100),
        ([16000, 22050, 22050, 16000], 16000),  # of equals the lower
        ([48000] * 30, 48000),  # a corpus of one rate keeps it
        ([96000, 96000, 8000], 48000),  # at most this
        ([88200, 176400, 176400], 44100),
        ([50000], 48000),
    ],
)
def test_the_most_common_rate_is_chosen(rates: list[int], chosen: int) -> None:
    assert choose_rate(rates) == chosen


@given(st.integers(1, 10_000_000))
def test_a_tidy_length_is_a_tidy_hop_of_128_columns_and_at_most_an_eighth_longer(
    n_samples: int,
) -> None:
    tidy = tidy_length(n_samples)
    assert tidy >= n_samples
    assert tidy % 128 == 0
    hop = tidy // 128
    while hop % 2 == 0:
        hop //= 2
    assert hop < 16
    assert tidy <= max(128, (n_samples + 128) * 9 / 8)
    assert tidy_length(tidy) == tidy
    assert tidy_length(tidy, up=False) == tidy


def test_files_named_like_audio_are_looked_at_first() -> None:
    files = [f"{number}.txt" for number in range(50)] + ["a.wav", "b.mp3"]
    assert {files[index] for index in order_for_survey(files)[:2]} == {"a.wav", "b.mp3"}


def test_one_more_file_changes_one_file_of_the_sample() -> None:
    files = [f"{number:03d}.wav" for number in range(300)]
    before = {files[index] for index in order_for_survey(files)[:100]}
    files.insert(17, "new.wav")
    after = {files[index] for index in order_for_survey(files)[:100]}
    assert len(before - after) <= 1


def test_a_file_gives_its_rate_and_the_seconds_between_its_silences(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", np.concatenate([silence(1.0), tone(0.5), silence(1.0)]))
    found = survey_file(str(path), 60.0, lambda: None)
    assert found is not None
    assert (found.rate, found.long) == (8000, False)
    assert found.seconds == pytest.approx(0.5, abs=2e-4)
    assert found.events == pytest.approx((0.5,))


def test_of_a_long_file_a_part_is_listened_to(tmp_path: Path) -> None:
    waveform = np.concatenate([silence(1.0), tone(0.5), silence(298.5)])
    path = write(tmp_path / "a.wav", waveform)
    found = survey_file(str(path), 20.0, lambda: None)
    assert found is not None
    assert (found.seconds, found.long) == (300.0, True)
    assert found.events == pytest.approx((0.5,))
    path = write(tmp_path / "b.wav", np.concatenate([silence(290.0), tone(0.5)]))
    assert survey_file(str(path), 20.0, lambda: None) == Surveyed(8000, 290.5, ())


def test_listening_is_bounded_for_one_file_and_for_all() -> None:
    assert seconds_to_listen(1) == 600.0
    assert seconds_to_listen(20) == 60.0
    assert seconds_to_listen(512) == 30.0


ONE_SHOT = Surveyed(8000, 0.3, (0.3,))
CYMBAL = Surveyed(8000, 7.0, (6.9,))
LOOP = Surveyed(8000, 8.0, (0.2,) * 30)
DRONE = Surveyed(8000, 200.0, ())


def test_where_recordings_are_cut_up_the_length_holds_what_begins_in_them() -> None:
    found = {2: ONE_SHOT, 3: LOOP, 5: CYMBAL, 7: DRONE, 8: LOOP}
    assert lengths_to_hold(found, {2, 3, 5, 7}) == [0.3, *[0.2] * 30, 7.0, 200.0, 8.0]
    assert lengths_to_hold(found, set()) == [0.3, 8.0, 7.0, 200.0, 8.0]


def test_files_without_sound_say_nothing(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("hello")
    assert survey_file(str(text), 9.0, lambda: None) is None
    assert survey_file(str(write(tmp_path / "b.wav", silence(1.0))), 9.0, lambda: None) is None
    assert survey_file(str(tmp_path / "gone.wav"), 9.0, lambda: None) is None
