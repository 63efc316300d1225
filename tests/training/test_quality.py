from __future__ import annotations

from dataclasses import replace

import pytest

from soundgan.training.quality import BEST, Quality, Scale

DRUMS = Scale(recordings=-0.0007, noise=1.19)


@pytest.mark.parametrize(
    ("distance", "word"),
    [
        (1.19, "still noise"),
        (0.882, "still noise"),  # fast on drums after 41 steps
        (0.065, "first shapes"),  # after 140
        (0.028, "rough"),  # after 500
        (0.0142, "fair"),  # after 1,000
        (0.0065, "good"),  # after 2,500
        (0.0013, "close to the recordings"),  # of digits, after an hour
        (-0.004, "close to the recordings"),
    ],
)
def test_words_follow_the_share_of_the_distance_of_noise(distance: float, word: str) -> None:
    assert Quality(distance, DRUMS).word == word


def test_what_recordings_have_themselves_is_not_held_against_the_sounds() -> None:
    far = Scale(recordings=0.02, noise=1.02)
    assert Quality(0.02, far).share == 0
    assert Quality(0.52, far).share == pytest.approx(0.5)
    assert Quality(0.021, far).word == BEST


def test_a_sentence_quotes_thousandths() -> None:
    assert Quality(0.0142, DRUMS).sentence == "fair (distance 14; noise has 1,190, recordings 0)"
    assert "(distance 1.3; " in Quality(0.0013, DRUMS).sentence


def test_noise_is_not_worth_listening_to() -> None:
    assert not Quality(0.8, DRUMS).audible
    assert Quality(0.1, DRUMS).audible


@pytest.mark.parametrize(
    ("distance", "reach", "word"),
    [
        (0.0, 0.0, "close to the recordings"),
        (0.0, 0.0013, "close to the recordings"),  # 270 validation clips
        (0.0, 0.010, "fair or better"),  # 29
        (0.0, 0.030, "rough or better"),  # 16
        (0.0142, 0.010, "rough to good"),
        (0.028, 0.030, "rough or better"),
        (0.1, 0.030, "first shapes"),
        (1.19, 0.3, "still noise"),
        (0.0, 0.2, "cannot tell"),
    ],
)
def test_words_are_as_wide_as_few_validation_clips_leave_them(
    distance: float, reach: float, word: str
) -> None:
    assert Quality(distance, replace(DRUMS, reach=reach)).word == word


def test_a_sentence_says_how_many_clips_leave_it_open() -> None:
    few = Scale(recordings=0.0, noise=1.0, reach=0.02, validation=16)
    assert Quality(0.004, few).sentence == (
        "rough or better (distance 4.0 ± 20; noise has 1,000, recordings 0); "
        "16 validation clips tell no more"
    )
    assert Quality(0.9, few).sentence == "still noise (distance 900; noise has 1,000, recordings 0)"
