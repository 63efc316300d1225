"""A plain answer to the question whether the sounds are enough to learn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from soundgan.data.split import SMALLEST_CLASS, SMALLEST_TEST

FEW_CLIPS = 100
MANY_CLIPS = 1000
CLASS_CLIPS = 50
"""A class of fewer varies little."""

TINY_CLASS = 10
"""A class of fewer is learned by heart."""

NAMED = 6
"""So many classes are named."""

CLOSE_DB, ROUGH_DB = -20.0, -10.0
"""Spectral convergence of a road that is hard to hear, and of one that nobody misses."""

Level = Literal["too few", "workable", "good"]


@dataclass(frozen=True)
class Advice:
    """The answer.

    Attributes:
        level: In two words.
        answer: In a sentence or two.
        remarks: What else would help, a sentence each.
        option: Parameter of ``prepare`` that makes the same sounds enough, if one does.
    """

    level: Level
    answer: str
    remarks: tuple[str, ...]
    option: str | None = None


def advise(
    training_clips: int,
    per_class: Mapping[str, int],
    upsampled: int,
    *,
    validation: int = 1,
    test: int | None = None,
) -> Advice:
    """Judge a dataset by its numbers.

    Args:
        training_clips: Clips to learn from.
        per_class: The same for each class; empty without classes.
        upsampled: Files whose own rate is below the dataset's.
        validation: Clips for validation.
        test: Clips for the test; ``None`` where none were asked for.
    """
    remarks = _on_classes(per_class)
    if upsampled:
        remarks.append(
            f"{upsampled} files have a lower rate than the dataset and are empty above half of "
            "it; if they are many, a lower `sample_rate` trains better."
        )
    if training_clips and not validation and not test:
        remarks.append(
            "No clip is kept from training, so neither training nor soundgan evaluate has anything "
            f"to compare with. It takes {SMALLEST_CLASS} clips in a class and `validation` above 0."
        )
    elif training_clips and test == 0:
        remarks.append(
            f"Too small a set for a test of {SMALLEST_TEST} clips: soundgan evaluate compares with "
            "the validation clips, by which training chooses its best sounds."
        )
    tiny = sum(count < TINY_CLASS for count in per_class.values())
    if training_clips >= FEW_CLIPS and 2 * tiny > len(per_class):
        return Advice("too few", _too_many_classes(training_clips, per_class), tuple(remarks),
                      option="unlabelled")  # fmt: skip
    level, answer = _answer(training_clips, per_class)
    return Advice(level, answer, tuple(remarks))


def call_ceiling(median_db: float) -> Literal["close", "fair", "rough"]:
    """What the ceiling is, in a word."""
    if median_db <= CLOSE_DB:
        return "close"
    return "fair" if median_db <= ROUGH_DB else "rough"


def judge_ceiling(median_db: float) -> str:
    """What the ceiling means, in a sentence."""
    if median_db <= CLOSE_DB:
        return "Close: most ears will hardly tell them apart."
    if median_db <= ROUGH_DB:
        return "Fair: the difference can be heard."
    return (
        "Rough: a copy is clearly another sound already, and what a model makes will be no better. "
        "A shorter `clip_seconds`, a lower `sample_rate` or larger images come closer."
    )


def _answer(clips: int, per_class: Mapping[str, int]) -> tuple[Level, str]:
    if clips < FEW_CLIPS:
        return "too few", _too_few(clips)
    if clips < MANY_CLIPS:
        return "workable", (
            f"It is workable: {clips:,} clips to learn from. Expect variations close to what is "
            f"there; {MANY_CLIPS:,} clips would give more of its own."
        )
    tiny = sum(count < TINY_CLASS for count in per_class.values())
    few = sum(count < CLASS_CLIPS for count in per_class.values())
    if tiny or 2 * few > len(per_class):
        return "workable", (
            f"It is workable: {clips:,} clips to learn from, but {few} of {len(per_class)} "
            f"classes have fewer than {CLASS_CLIPS} of them."
        )
    return "good", f"Yes: {clips:,} clips to learn from are enough."


def _too_few(clips: int) -> str:
    more = (
        f"Add sounds until there are {FEW_CLIPS}, better {MANY_CLIPS:,}; long recordings of many "
        "sounds will do, and are cut where sounds begin."
    )
    if clips <= 1:
        return f"Not yet: {clips} clip to learn from gives a model nothing to vary. {more}"
    return f"Not yet: with {clips} clips to learn from, a model learns them by heart. {more}"


def _too_many_classes(clips: int, per_class: Mapping[str, int]) -> str:
    tiny = sum(count < TINY_CLASS for count in per_class.values())
    large = sum(count >= CLASS_CLIPS for count in per_class.values())
    rest = f"only {large} have" if large > 1 else "only 1 has" if large else "none has"
    together = "enough" if clips >= MANY_CLIPS else "workable"
    return (
        f"Not as {len(per_class)} classes: {tiny} of them have fewer than {TINY_CLASS} clips to "
        f"learn from, which a model learns by heart, and {rest} {CLASS_CLIPS} or more. "
        f"Join them into fewer folders, or leave classes out with `unlabelled`: {clips:,} clips "
        f"together are {together}."
    )


def _on_classes(per_class: Mapping[str, int]) -> list[str]:
    remarks = []
    small = {name: count for name, count in per_class.items() if count < CLASS_CLIPS}
    if small:
        smallest = sorted(small.items(), key=lambda item: (item[1], item[0]))
        names = ", ".join(f"{name} ({count})" for name, count in smallest[:NAMED])
        more = f" and {len(small) - NAMED:,} more" if len(small) > NAMED else ""
        remarks.append(
            f"{_classes(len(small))} fewer than {CLASS_CLIPS} clips and will vary little: "
            f"{names}{more}. Add sounds, join classes, or prepare with `unlabelled`."
        )
    if per_class and max(per_class.values()) > 5 * max(1, min(per_class.values())):
        remarks.append(
            "The largest class has more than five times the clips of the smallest; "
            "sounds of the small ones will vary least."
        )
    return remarks


def _classes(count: int) -> str:
    return "1 class has" if count == 1 else f"{count} classes have"
