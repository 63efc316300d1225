from __future__ import annotations

from typing import Any

import pytest

from soundgan.pipelines.evaluate.chance import Chance
from soundgan.pipelines.evaluate.excess import Excess, excesses_of, times_of, words_of, worst_of


def row(**gap: float) -> dict[str, Any]:
    space = {"kernel_distance": {"value": 0.008}, "precision": 0.7, "recall": 0.4}
    numbers = {"distance": 0.8, "shift": 0.8, "difference": 6.1} | gap
    return {"whole": space, "quantities": {"attack_time": numbers}, "ripples": {"time": 3.2}}


CHANCES = {
    "whole.kernel_distance": Chance(0.0, 0.002),
    "whole.recall": Chance(0.9, 0.8),
    "quantities.attack_time": Chance(0.1, 0.2),
    "ripples.time": Chance(0.5, 0.8),
}


@pytest.mark.parametrize(
    ("key", "value", "times"),
    [
        ("whole.kernel_distance", 0.002, 1.0),
        ("whole.kernel_distance", 0.018, 3.0),  # a square
        ("whole.kernel_distance", -0.1, 0.0),
        ("whole.recall", 0.8, 1.0),
        ("whole.recall", 0.5, 4.0),
        ("whole.recall", 1.0, 0.0),
        ("quantities.attack_time", 0.2, 1.0),
        ("quantities.attack_time", 0.8, 4.0),
    ],
)
def test_a_number_is_told_in_times_of_its_limit(key: str, value: float, times: float) -> None:
    assert times_of(key, value, CHANCES[key]) == pytest.approx(times)


def test_the_worst_number_comes_first() -> None:
    found = excesses_of({"candidate": row()}, CHANCES)
    assert [excess.key for excess in found] == [
        "whole.recall", "quantities.attack_time", "ripples.time", "whole.kernel_distance",
    ]  # fmt: skip


def test_numbers_that_a_row_lacks_are_left_out() -> None:
    found = excesses_of({"candidate": {"whole": {"recall": 0.9}}}, CHANCES)
    assert [excess.key for excess in found] == ["whole.recall"]


def test_of_attacks_that_are_less_steep_and_slower_the_milliseconds_are_told() -> None:
    steep = Excess("quantities.steepness", 9.0, "less steep")
    slow, little = (Excess("quantities.attack_time", times, "slower") for times in (5.0, 1.5))
    other = Excess("quantities.length", 7.0, "longer")
    assert worst_of((steep, other, slow)) == slow
    assert worst_of((steep, other, little)) == steep
    assert worst_of((other, steep, slow)) == other
    assert worst_of((little,)) is None


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        ({}, "attacks are 6.1 ms slower than yours"),
        ({"difference": -0.42, "shift": -0.7}, "attacks are 0.42 ms faster than yours"),
        ({"difference": 123.0}, "attacks are 120 ms slower than yours"),
        ({"shift": 0.1}, "attack time is spread otherwise than in yours"),
    ],
)
def test_a_quantity_is_told_by_its_difference_in_its_unit(
    gap: dict[str, float], words: str
) -> None:
    key = "quantities.attack_time"
    assert words_of(key, row(**gap), CHANCES[key]) == words


def test_what_is_left_out_is_told_beside_what_real_sounds_leave_out() -> None:
    assert words_of("whole.recall", row(), CHANCES["whole.recall"]) == (
        "as a whole they leave out 60 % of yours, real 10 %"
    )
    covered = {"whole": {"coverage": 0.4}}
    assert words_of("whole.coverage", covered, CHANCES["whole.recall"]) == (
        "as a whole 60 % of yours have none of them nearby, real 10 %"
    )
    assert words_of("ripples.time", row(), CHANCES["ripples.time"]) == (
        "a regular pattern runs through them along time, 3.2 dB above the rest"
    )
