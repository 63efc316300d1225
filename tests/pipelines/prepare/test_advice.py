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
    assert f"{clips:,} clips" in advice.answer
    assert advice.remarks == ()


def test_small_and_uneven_classes_are_named() -> None:
    advice = advise(1000, {"kick": 900, "clap": 20, "hat": 80}, 0)
    assert "1 class has fewer than 50 clips" in advice.remarks[0]
    assert "clap (20)" in advice.remarks[0]
    assert "five times" in advice.remarks[1]


def test_upsampled_files_are_told() -> None:
    assert advise(1000, {}, 3).remarks[0].startswith("3 files have a lower rate")


def test_the_ceiling_is_judged_and_a_rough_one_has_remedies() -> None:
    assert judge_ceiling(-25.0).startswith("Close")
    assert judge_ceiling(-15.0).startswith("Fair")
    assert "--clip-seconds" in judge_ceiling(-4.0)
