from __future__ import annotations

import pytest

from soundgan.pipelines.prepare.advice import advise, judge_ceiling


@pytest.mark.parametrize(
    ("clips", "level"),
    [(0, "too few"), (99, "too few"), (100, "workable"), (999, "workable"), (1000, "good")],
)
def test_the_answer_follows_the_number_of_clips(clips: int, level: str) -> None:
    advice = advise(clips, {}, 0)
    assert advice.level == level
    assert f"{clips:,} clip" in advice.answer
    assert advice.remarks == ()


def test_small_and_uneven_classes_are_named() -> None:
    advice = advise(1000, {"kick": 900, "clap": 20, "hat": 80}, 0)
    assert "1 class has fewer than 50 clips" in advice.remarks[0]
    assert "clap (20)" in advice.remarks[0]
    assert "five times" in advice.remarks[1]


def test_many_classes_of_a_few_clips_are_not_enough_however_many_clips_there_are() -> None:
    classes = {f"c{number}": 5 if number < 146 else 30 for number in range(212)}
    advice = advise(sum(classes.values()), classes, 0)
    assert advice.level == "too few"
    assert advice.option == "unlabelled"
    assert "146 of them have fewer than 10" in advice.answer
    assert "2,710 clips together are enough" in advice.answer


@pytest.mark.parametrize(
    ("classes", "level"),
    [
        ({"a": 600, "b": 600}, "good"),
        ({"a": 600, "b": 600, "c": 9}, "workable"),
        ({"a": 1200, "b": 20, "c": 20}, "workable"),
        ({"a": 1200, "b": 600, "c": 20}, "good"),
        ({"a": 1200, "b": 4, "c": 4}, "too few"),
    ],
)
def test_the_answer_looks_at_the_clips_of_each_class(classes: dict[str, int], level: str) -> None:
    assert advise(sum(classes.values()), classes, 0).level == level


@pytest.mark.parametrize("clips", [0, 1, 11, 30])
def test_a_handful_of_clips_gets_advice_that_can_be_followed(clips: int) -> None:
    advice = advise(clips, {"a": clips}, 0)
    assert advice.answer.startswith("Not yet")
    assert "Add sounds" in advice.answer
    assert "long recordings of many sounds" in advice.answer
    assert advice.option is None


def test_a_set_too_small_to_keep_clips_back_says_what_it_gives_up() -> None:
    assert "No clip is kept from training" in advise(5, {}, 0, validation=0, test=0).remarks[0]
    assert advise(5, {}, 0, validation=1).remarks == ()
    [remark] = advise(50, {}, 0, validation=5, test=0).remarks
    assert remark.startswith("Too small a set for a test of 10 clips: soundgan evaluate compares")


def test_upsampled_files_are_told() -> None:
    assert advise(1000, {}, 3).remarks[0].startswith("3 files have a lower rate")


def test_the_ceiling_is_judged_and_a_rough_one_has_remedies() -> None:
    assert judge_ceiling(-25.0).startswith("Close")
    assert judge_ceiling(-15.0).startswith("Fair")
    assert "`clip_seconds`" in judge_ceiling(-4.0)
