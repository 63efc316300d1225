"""Rows worked out by hand, and what must be said about them."""

from __future__ import annotations

from typing import Any

import pytest

from soundgan.pipelines.evaluate.numbers import Doubt, doubts_of, shares_of
from soundgan.pipelines.evaluate.verdict import Verdict, judge, short


def row(**numbers: Any) -> dict[str, Any]:
    """A row like that of real recordings, except for ``numbers``."""
    spread = numbers.pop("kernel", (0.0, -0.002, 0.002))
    space = {
        "kernel_distance": dict(zip(("value", "low", "high"), spread, strict=True)),
        "frechet_distance": 8.0,
        "precision": 0.95,
        "recall": 0.95,
        "density": 1.0,
        "coverage": 0.97,
    }
    space |= {key: numbers.pop(key) for key in list(numbers) if key in space}
    found = {
        "clips": 500,
        "patches": space,
        "nearest_neighbour_ratio": 1.0,
        "diversity_ratio": 1.0,
        "different_bins": 0.05,
    }
    return found | numbers


def verdict(
    candidate: dict[str, Any], *, accuracy: float | None = None, doubts: tuple[Doubt, ...] = ()
) -> Verdict:
    rows = {
        "candidate": candidate,
        "real": row(),
        "copy_synthesis": row(nearest_neighbour_ratio=0.1),
        "noise": row(kernel=(1.4, 1.39, 1.41), precision=0.0, recall=0.0, coverage=0.0),
    }
    return judge(rows, shares_of(rows), doubts, held_out_accuracy=accuracy)


def test_overlapping_intervals_cannot_be_told_apart() -> None:
    found = verdict(row(kernel=(0.003, 0.001, 0.005)))
    assert (found.tone, found.answer) == ("good", "Cannot tell from real with 500 clips.")
    assert found.sentences[0] == (
        "cannot tell from real with 500 clips: kernel distance ×1000 is 3.00 (1.00 to 5.00), "
        "that of real recordings 0.00 (-2.00 to 2.00)"
    )


def test_intervals_apart_can_be_told_apart() -> None:
    found = verdict(row(kernel=(0.005, 0.0021, 0.008)))
    assert found.answer == "Close to real recordings, but they can be told apart."
    assert found.sentences[0].startswith("not yet real: ")


@pytest.mark.parametrize(
    ("numbers", "tone", "answer"),
    [
        ({"recall": 0.5}, "workable", "short of them in variety"),
        ({"precision": 0.5}, "workable", "short of them in fidelity"),
        ({"precision": 0.2}, "bad", "Far from real"),
        ({"recall": 0.05}, "bad", "keep to the middle"),
        ({"recall": 0.05, "coverage": 0.1}, "bad", "Mode collapse"),
        ({"diversity_ratio": 0.3}, "bad", "Mode collapse"),
        ({"nearest_neighbour_ratio": 0.69}, "bad", "repeat the training clips"),
    ],
)
def test_what_is_lacking_is_named(numbers: dict[str, float], tone: str, answer: str) -> None:
    found = verdict(row(kernel=(0.05, 0.04, 0.06), **numbers))
    assert found.tone == tone
    assert answer in found.answer


def test_copies_are_named_even_where_nothing_else_is_wrong() -> None:
    found = verdict(row(nearest_neighbour_ratio=0.2))
    assert found.sentences[0].startswith(
        "memorisation: the sounds lie 0.20 times as far from their nearest training clips"
    )
    assert "(training clips through the images and back: 0.10)" in found.sentences[0]


def test_twenty_modes_are_a_collapse_although_each_is_perfect() -> None:
    found = verdict(row(kernel=(0.018, 0.01, 0.03), precision=1.0, recall=0.0, coverage=0.06))
    assert found.sentences[0].startswith(
        "mode collapse: recall 0.00 is below 0.1, coverage 0.06 is below 0.3"
    )


def test_sounds_unlike_everything_are_not_only_called_a_collapse() -> None:
    found = verdict(row(kernel=(1, 0.9, 1.1), precision=0.0, recall=0.0, coverage=0.0))
    assert found.answer == "Far from real recordings."
    assert "nothing like the recordings at all" in found.sentences[0]


def test_what_as_few_recordings_lack_too_is_no_collapse() -> None:
    rows = {name: row(coverage=0.2) for name in ("candidate", "real", "copy_synthesis", "noise")}
    found = judge(rows, shares_of(rows), (), held_out_accuracy=None)
    assert not any("collapse" in sentence for sentence in found.sentences)


def test_classes_that_are_mistaken_are_named() -> None:
    candidate = row(
        accuracy=0.7,
        worst_class=0.2,
        worst_class_name="hat",
        class_accuracy={"kick": 0.95, "hat": 0.2},
        heard_as={"kick": 0.9, "hat": 0.1},
        inception_score=1.5,
    )
    found = verdict(candidate, accuracy=0.98)
    assert (
        "a classifier that names 98.0 % of held-out clips rightly takes 70.0 % of the sounds for "
        "what they were asked to be, worst 'hat' with 20 %"
    ) in found.sentences
    assert "mostly taken for another class: 'hat'" in found.sentences


def test_a_class_that_nobody_hears_is_named_without_labels_too() -> None:
    candidate = row(heard_as={"kick": 1.0, "hat": 0.0}, inception_score=1.0)
    found = verdict(candidate, accuracy=0.98)
    assert any(s.endswith("hears no sound of class 'hat'") for s in found.sentences)


def test_too_few_clips_give_no_verdict() -> None:
    few = row(clips=20, recall=0.0)
    doubts = doubts_of(few, held_out=140, dimensions={"patches": 17}, smallest_class=0)
    found = verdict(few, doubts=doubts)
    assert found.answer.startswith("Cannot tell with 20 sounds")
    assert not any("collapse" in sentence for sentence in found.sentences)
    assert any(
        s.startswith("cannot tell with 20 clips, where 340 are needed: Fréchet distance (patches)")
        for s in found.sentences
    )


def test_each_number_has_its_own_need() -> None:
    candidate = row(
        clips=150, accuracy=1.0, worst_class=1.0, heard_as={"a": 0.5, "b": 0.5},
        inception_score=2.0,
    )  # fmt: skip
    doubts = doubts_of(candidate, held_out=140, dimensions={"patches": 64}, smallest_class=19)
    assert {d.key: (d.needs, d.clips) for d in doubts} == {
        "patches.frechet_distance": (1280, 140),
        "worst_class": (20, 19),
    }


def test_shares_are_of_the_real_row_where_that_means_something() -> None:
    rows = {name: row() for name in ("candidate", "real", "copy_synthesis", "noise")}
    rows["candidate"] = row(recall=0.475, kernel=(0.1, 0.09, 0.11))
    shares = shares_of(rows)["candidate"]
    assert shares["patches.recall"] == pytest.approx(0.5)
    assert "patches.kernel_distance" not in shares
    assert "real" not in shares_of(rows)


@pytest.mark.parametrize(
    ("value", "text"),
    [(-0.001, "0.00"), (9.99, "9.99"), (9.996, "10.0"), (99.96, "100"), (1413.2, "1,413")],
)
def test_numbers_have_about_three_digits(value: float, text: str) -> None:
    assert short(value) == text
