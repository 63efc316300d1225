"""The numbers in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from soundgan.pipelines.evaluate.numbers import PRIMARY, Doubt, number_of, value_at

Tone = Literal["good", "workable", "bad"]

MEMORISED_RATIO = 0.7
LOW_RECALL = 0.1
LOW_COVERAGE = 0.3
LOW_DIVERSITY = 0.5
WEAK_CLASS = 0.5
"""Below this a class is not what it should be, more often than it is."""

CLOSE_PRECISION, CLOSE_RECALL = 0.85, 0.8
FAR_PRECISION = 0.4
"""Shares of the real row: from the first two on, close to real; below the last, far from it."""


@dataclass(frozen=True)
class Verdict:
    """What the numbers come to.

    Attributes:
        tone: How good that is.
        answer: The verdict in one sentence.
        sentences: What stands behind it, the most important first.
    """

    tone: Tone
    answer: str
    sentences: tuple[str, ...]


def judge(
    rows: dict[str, dict[str, Any]],
    shares: dict[str, dict[str, float]],
    doubts: Sequence[Doubt],
    *,
    held_out_accuracy: float | None,
) -> Verdict:
    """The verdict on the candidate's row.

    Args:
        rows: The report's rows.
        shares: Their quotients by the real row.
        doubts: Numbers that too few clips stand behind.
        held_out_accuracy: Of the classifier, where there is one.
    """
    candidate, real = rows["candidate"], rows["real"]
    doubted = {doubt.key for doubt in doubts}
    memorised = _memorisation(rows, doubted)
    collapsed = _collapse(candidate, real, doubted)
    alike = _overlap(candidate, real)
    sentences = [
        memorised,
        collapsed,
        _distance(candidate, real, alike=alike),
        _fidelity(candidate, real, doubted),
        *_classes(candidate, held_out_accuracy),
        *_doubt_sentences(doubts),
    ]
    tone, answer = _answer(
        candidate,
        shares["candidate"],
        memorised=bool(memorised),
        collapsed=bool(collapsed),
        alike=alike,
        sure=PRIMARY not in doubted,
    )
    return Verdict(tone, answer, tuple(filter(None, sentences)))


def _answer(
    candidate: dict[str, Any],
    shares: dict[str, float],
    *,
    memorised: bool,
    collapsed: bool,
    alike: bool,
    sure: bool,
) -> tuple[Tone, str]:
    clips = candidate["clips"]
    if not sure:
        return "workable", f"Cannot tell with {clips} clips: there are too few to measure."
    if memorised:
        return "bad", "These sounds repeat the training clips."
    if collapsed:
        return "bad", "Mode collapse: these sounds show a small part of the recordings' variety."
    if alike:
        return "good", f"Cannot tell from real with {clips} clips."
    precision, recall = shares.get("patches.precision", 0), shares.get("patches.recall", 0)
    if precision >= CLOSE_PRECISION and recall >= CLOSE_RECALL:
        return "good", "Close to real recordings, but they can be told apart."
    if precision < FAR_PRECISION:
        return "bad", "Far from real recordings."
    lacking = "fidelity" if precision / CLOSE_PRECISION < recall / CLOSE_RECALL else "variety"
    return (
        "workable",
        f"Of the kind of the recordings, but short of them, most of all in {lacking}.",
    )


def _overlap(candidate: dict[str, Any], real: dict[str, Any]) -> bool:
    ours, theirs = (row["patches"]["kernel_distance"] for row in (candidate, real))
    return bool(ours["low"] <= theirs["high"] and theirs["low"] <= ours["high"])


def _distance(candidate: dict[str, Any], real: dict[str, Any], *, alike: bool) -> str:
    ours, theirs = (_interval(row["patches"]["kernel_distance"]) for row in (candidate, real))
    lead = f"cannot tell from real with {candidate['clips']} clips" if alike else "not yet real"
    return f"{lead}: kernel distance ×1000 is {ours}, that of real recordings {theirs}"


def _interval(interval: dict[str, float]) -> str:
    value, low, high = (1000 * interval[name] for name in ("value", "low", "high"))
    return f"{short(value)} ({short(low)} to {short(high)})"


def _fidelity(candidate: dict[str, Any], real: dict[str, Any], doubted: set[str]) -> str:
    if "patches.recall" in doubted:
        return ""
    numbers = [
        row["patches"][name] for name in ("precision", "recall") for row in (candidate, real)
    ]
    p, real_p, r, real_r = (f"{100 * number:.0f} %" for number in numbers)
    return (
        f"{p} of the sounds lie among real recordings (precision, real {real_p}), "
        f"and they reach {r} of what recordings show (recall, real {real_r})"
    )


def _memorisation(rows: dict[str, dict[str, Any]], doubted: set[str]) -> str:
    ratio = rows["candidate"]["nearest_neighbour_ratio"]
    if ratio >= MEMORISED_RATIO or "nearest_neighbour_ratio" in doubted:
        return ""
    copies = rows["copy_synthesis"]["nearest_neighbour_ratio"]
    return (
        f"memorisation: the sounds lie {ratio:.2f} times as far from their nearest training clips "
        f"as held-out recordings do, below {MEMORISED_RATIO} (training clips through the images "
        f"and back: {copies:.2f}); train for a shorter time, with more augmentation or more clips"
    )


def _collapse(candidate: dict[str, Any], real: dict[str, Any], doubted: set[str]) -> str:
    """Low numbers that real recordings, as few as these, do not have."""
    limits = (
        ("patches.recall", LOW_RECALL),
        ("patches.coverage", LOW_COVERAGE),
        ("diversity_ratio", LOW_DIVERSITY),
    )
    low = [
        (number_of(key).title, ours, limit)
        for key, limit in limits
        if key not in doubted
        and (ours := value_at(candidate, key) or 0.0) < limit <= (value_at(real, key) or 0.0)
    ]
    if not low:
        return ""
    named = ", ".join(f"{title} {value:.2f} is below {limit}" for title, value, limit in low)
    ours, theirs = (row["patches"]["precision"] for row in (candidate, real))
    if ours < FAR_PRECISION / 2 * theirs:
        return (
            f"mode collapse, or nothing like the recordings at all: {named}, "
            f"and precision is {ours:.2f}"
        )
    return f"mode collapse: {named}; most of what the recordings hold does not occur"


def _classes(candidate: dict[str, Any], held_out_accuracy: float | None) -> list[str]:
    heard = candidate.get("heard_as")
    if heard is None or held_out_accuracy is None:
        return []
    judge_ = f"a classifier that names {100 * held_out_accuracy:.1f} % of held-out clips rightly"
    if candidate.get("accuracy") is None:
        missing = [name for name, share in heard.items() if not share]
        if missing and candidate["clips"] >= 10 * len(heard):
            return [f"{judge_} hears no sound of class {_listed(missing)}"]
        return []
    worst, lowest = candidate["worst_class_name"], candidate["worst_class"]
    sentences = [
        f"{judge_} takes {100 * candidate['accuracy']:.1f} % of the sounds for what they were "
        f"asked to be, worst {worst!r} with {100 * lowest:.0f} %"
    ]
    weak = [name for name, share in candidate["class_accuracy"].items() if share < WEAK_CLASS]
    if weak:
        sentences.append(f"mostly taken for another class: {_listed(weak)}")
    return sentences


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(map(repr, names[:10]))
    return f"{shown} and {len(names) - 10} more" if len(names) > 10 else shown


def _doubt_sentences(doubts: Sequence[Doubt]) -> list[str]:
    """One sentence for all numbers that lack the same."""
    groups: dict[tuple[int, int], list[str]] = {}
    for doubt in doubts:
        extractor, _, name = doubt.key.rpartition(".")
        words = name.replace("_", " ").replace("frechet", "Fréchet")
        groups.setdefault((doubt.clips, doubt.needs), []).append(
            f"{words} ({extractor})" if extractor else words
        )
    return [
        f"cannot tell with {clips:,} clips, {needs:,} are needed on each side: {', '.join(names)}; "
        "to be compared at these counts only"
        for (clips, needs), names in groups.items()
    ]


def short(value: float) -> str:
    """About three digits."""
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 9.995 else f"{value:.2f}"
