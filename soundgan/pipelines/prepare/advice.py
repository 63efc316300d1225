"""A plain answer to the question whether the sounds are enough to learn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FEW_CLIPS = 100
MANY_CLIPS = 1000
CLASS_CLIPS = 50

CLOSE_DB, ROUGH_DB = -20.0, -10.0
"""Spectral convergence of a road that is hard to hear, and of one that nobody misses."""

Level = Literal["too few", "workable", "good"]


@dataclass(frozen=True)
class Advice:
    """The answer.

    Attributes:
        level: In two words.
        answer: In a sentence.
        remarks: What else would help, a sentence each.
    """

    level: Level
    answer: str
    remarks: tuple[str, ...]


def advise(training_clips: int, per_class: Mapping[str, int], upsampled: int) -> Advice:
    """Judge a dataset by its numbers.

    Args:
        training_clips: Clips to learn from.
        per_class: The same for each class; empty without classes.
        upsampled: Files whose own rate is below the dataset's.
    """
    remarks = []
    small = {name: count for name, count in per_class.items() if count < CLASS_CLIPS}
    if small:
        names = ", ".join(f"{name} ({count})" for name, count in sorted(small.items())[:6])
        more = f" and {len(small) - 6} more" if len(small) > 6 else ""
        remarks.append(
            f"{_classes(len(small))} fewer than {CLASS_CLIPS} clips and will vary little: "
            f"{names}{more}. Add sounds, join classes, or prepare with --unlabelled."
        )
    if per_class and max(per_class.values()) > 5 * max(1, min(per_class.values())):
        remarks.append(
            "The largest class has more than five times the clips of the smallest; "
            "training draws clips evenly, so the small class will be learned last."
        )
    if upsampled:
        remarks.append(
            f"{upsampled} files have a lower rate than the dataset and are empty above half of "
            "it; if they are many, a lower --sample-rate trains better."
        )
    level, answer = _answer(training_clips)
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
        "Rough: such images cannot hold these sounds well; a shorter --clip-seconds, a lower "
        "--sample-rate or larger images in the config bring it closer."
    )


def _answer(clips: int) -> tuple[Level, str]:
    if clips < FEW_CLIPS:
        return "too few", (
            f"Not yet: with {clips:,} clips to learn from, a GAN mostly memorises them. "
            f"{FEW_CLIPS} make it workable, {MANY_CLIPS} make it good."
        )
    if clips < MANY_CLIPS:
        return "workable", (
            f"It is workable: {clips:,} clips to learn from. Expect variations close to what is "
            f"there; {MANY_CLIPS} clips would give more of its own."
        )
    return "good", f"Yes: {clips:,} clips to learn from are enough."


def _classes(count: int) -> str:
    return "1 class has" if count == 1 else f"{count} classes have"
