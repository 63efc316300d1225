from __future__ import annotations

import numpy as np
import pytest

from soundgan.errors import UsageError
from soundgan.pictures.box import Box
from soundgan.pictures.ticks.axes import Axes, ReadAxis
from soundgan.pictures.ticks.ruler import Ruler
from soundgan.pictures.turned import Turn, turn_of, upright

LEVELS = np.arange(6, dtype=np.float32).reshape(2, 3)  # rows: low, high; columns: early to late
BOX = Box(10, 10, 110, 60)


def axis(measures: str, side: str, scale: float) -> ReadAxis:
    return ReadAxis(measures, Ruler("linear", scale, 60.0, (), 0.0, 0), side, unit_printed=True)


@pytest.mark.parametrize(
    ("turn", "stands"),
    [
        (Turn(), LEVELS),
        (Turn("left"), LEVELS[:, ::-1]),
        (Turn("right", flip=True), LEVELS[::-1]),
        (Turn("up"), LEVELS.T),
        (Turn("down"), LEVELS.T[::-1]),
        (Turn("up", flip=True), LEVELS.T[:, ::-1]),
    ],
)
def test_a_turned_picture_is_set_upright(turn: Turn, stands: np.ndarray) -> None:
    np.testing.assert_array_equal(upright(stands, turn), LEVELS)


def test_numbers_tell_how_a_picture_stands() -> None:
    usual = Axes(axis("s", "bottom", 50.0), axis("Hz", "left", -0.01))
    across = Axes(axis("Hz", "bottom", 0.01), axis("s", "left", -25.0))
    falling = Axes(axis("Hz", "bottom", 0.01), axis("s", "left", 25.0))
    on_top = Axes(axis("s", "bottom", 50.0), axis("Hz", "left", 0.01))
    found = [
        turn_of(None, flip=False, printed=a, box=BOX) for a in (usual, across, falling, on_top)
    ]
    assert [(turn.time, turn.flip) for turn in found] == [
        ("right", False),
        ("up", False),
        ("down", False),
        ("right", True),
    ]
    assert [turn.read for turn in found] == [False, True, True, True]


def test_what_is_stated_counts_more_than_what_is_printed() -> None:
    across = Axes(axis("Hz", "bottom", 0.01), axis("s", "left", -25.0))
    assert turn_of("right", flip=False, printed=across, box=BOX) == Turn("right")


def test_time_that_runs_nowhere_is_refused() -> None:
    with pytest.raises(UsageError, match="choose right, left, up, down"):
        turn_of("sideways", flip=False, printed=Axes(), box=BOX)
