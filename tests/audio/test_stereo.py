"""Left and right, mid and side."""

from __future__ import annotations

import numpy as np
import pytest

from soundgan.audio.stereo import Width, two_channels
from tests.sounds import silence, tone


def side_db(left: np.ndarray, right: np.ndarray) -> float | None:
    width = Width()
    both = np.stack([left, right], axis=1)
    for block in np.array_split(both, 3):
        width.add(block)
    return width.side_db


@pytest.mark.parametrize(
    ("right", "expected"),
    [(1.0, -120.0), (0.0, 0.0), (-1.0, 120.0), (0.5, 20 * np.log10(1 / 3)), (2.0, -9.54)],
)
def test_the_side_is_half_the_difference_beside_half_the_sum(right: float, expected: float) -> None:
    left = tone(0.3)
    assert side_db(left, np.float32(right) * left) == pytest.approx(expected, abs=0.01)


def test_silence_has_no_side_and_a_constant_part_is_none() -> None:
    assert side_db(silence(0.1), silence(0.1)) is None
    assert side_db(tone(0.3), tone(0.3) + np.float32(0.25)) == pytest.approx(-120, abs=20)


def test_of_one_channel_both_are_made_and_of_more_the_first_two_kept() -> None:
    block = np.arange(12, dtype=np.float32).reshape(4, 3)
    np.testing.assert_array_equal(two_channels(block), block[:, :2])
    np.testing.assert_array_equal(two_channels(block[:, :1]), block[:, [0, 0]])
