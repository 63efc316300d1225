from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundgan.pipelines.prepare.survey import (
    choose_length,
    choose_rate,
    order_for_survey,
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
        ([96000, 96000, 8000], 44100),  # at most this
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


def test_the_length_holds_ninety_five_of_a_hundred_sounds() -> None:
    seconds = [*np.linspace(0.3, 0.6, 95), *[3.0] * 5]
    n_samples = choose_length(seconds, 8000)
    assert 0.6 <= n_samples / 8000 < 0.75


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 44100])
@pytest.mark.parametrize(("seconds", "least", "most"), [(0.02, 0.25, 0.3), (60.0, 3.5, 4.0)])
def test_the_length_stays_within_bounds(
    rate: int, seconds: float, least: float, most: float
) -> None:
    assert least <= choose_length([seconds] * 3, rate) / rate <= most


def test_a_few_more_files_rarely_change_the_length(rng: np.random.Generator) -> None:
    seconds = rng.gamma(20.0, 0.02, 500)
    lengths = {choose_length(seconds[: 400 + count], 8000) for count in range(0, 100, 10)}
    assert len(lengths) == 1


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
    rate, seconds = survey_file(str(path), lambda: None) or (0, 0)
    assert rate == 8000
    assert seconds == pytest.approx(0.515)


def test_a_long_file_counts_as_long_without_being_decoded(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", silence(31.0))
    beats: list[None] = []
    assert survey_file(str(path), lambda: beats.append(None)) == (8000, 30.0)
    assert not beats


def test_files_without_sound_say_nothing(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("hello")
    assert survey_file(str(text), lambda: None) is None
    assert survey_file(str(write(tmp_path / "b.wav", silence(1.0))), lambda: None) is None
    assert survey_file(str(tmp_path / "gone.wav"), lambda: None) is None
