from __future__ import annotations

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
