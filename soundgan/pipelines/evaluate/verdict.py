"""The numbers in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from soundgan.pipelines.evaluate.numbers import PRIMARY, Doubt, number_of, value_at

Tone = Literal["good", "workable", "bad"]

RECALL, COVERAGE, DIVERSITY = "patches.recall", "patches.coverage", "diversity_ratio"

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
    low = _too_low(candidate, real, doubted)
    alike = _overlap(candidate, real)
    sentences = [
        memorised,
        _collapse(candidate, real, low),
        _distance(candidate, real, alike=alike),
        _fidelity(candidate, real, doubted),
        *_classes(candidate, held_out_accuracy),
        *_doubt_sentences(doubts),
    ]
    if PRIMARY in doubted:
        tone, answer = _unsure(candidate["clips"])
    elif memorised:
        tone, answer = "bad", "These sounds repeat the training clips."
    else:
        tone, answer = _answer(candidate["clips"], shares["candidate"], set(low), alike=alike)
    return Verdict(tone, answer, tuple(filter(None, sentences)))


def _unsure(clips: int) -> tuple[Tone, str]:
    return "workable", f"Cannot tell with {clips} sounds and so few held-out clips."


def _answer(
    clips: int, shares: dict[str, float], low: set[str], *, alike: bool
) -> tuple[Tone, str]:
    precision, recall = shares.get("patches.precision", 0), shares.get("patches.recall", 0)
    if precision < FAR_PRECISION:
        return "bad", "Far from real recordings."
    if low - {RECALL}:
        return "bad", "Mode collapse: these sounds show a small part of the recordings' variety."
    if low:
        return "bad", "These sounds keep to the middle of what the recordings show."
    close = precision >= CLOSE_PRECISION and recall >= CLOSE_RECALL
    lacking = "fidelity" if precision / CLOSE_PRECISION < recall / CLOSE_RECALL else "variety"
    if alike and close:
        return "good", f"Cannot tell from real with {clips} clips."
    if alike:
        answer = f"Cannot tell from real with {clips} clips by distance, but short of {lacking}."
        return "workable", answer
    if close:
        return "good", "Close to real recordings, but they can be told apart."
    return "workable", f"Of the kind of the recordings, but short of them in {lacking}."


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
    if RECALL in doubted:
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


def _too_low(
    candidate: dict[str, Any], real: dict[str, Any], doubted: set[str]
) -> dict[str, tuple[float, float]]:
    """Measures of variety below their limits, and these, where as many recordings are not."""
    limits = {RECALL: LOW_RECALL, COVERAGE: LOW_COVERAGE, DIVERSITY: LOW_DIVERSITY}
    return {
        key: (ours, limit)
        for key, limit in limits.items()
        if key not in doubted
        and (ours := value_at(candidate, key) or 0.0) < limit <= (value_at(real, key) or 0.0)
    }


def _collapse(
    candidate: dict[str, Any], real: dict[str, Any], low: dict[str, tuple[float, float]]
) -> str:
    if not low:
        return ""
    named = ", ".join(
        f"{number_of(key).title} {value:.2f} is below {limit}"
        for key, (value, limit) in low.items()
    )
    ours, theirs = (row["patches"]["precision"] for row in (candidate, real))
    if ours < FAR_PRECISION * theirs:
        return (
            f"mode collapse, or nothing like the recordings at all: {named}, "
            f"and precision is {ours:.2f}"
        )
    if low.keys() == {RECALL}:
        return (
            f"mode collapse within each kind of sound, or blurred sounds: {named}, although "
            f"coverage is {candidate['patches']['coverage']:.2f}; they keep to the middle of "
            "what recordings show"
        )
    return f"mode collapse: {named}; most of what the recordings hold does not occur"


def _classes(candidate: dict[str, Any], held_out_accuracy: float | None) -> list[str]:
    heard = candidate.get("heard_as")
    if heard is None or held_out_accuracy is None:
        return []
    ear = f"a classifier that names {100 * held_out_accuracy:.1f} % of held-out clips rightly"
    if candidate.get("accuracy") is None:
        missing = [name for name, share in heard.items() if not share]
        if missing and candidate["clips"] >= 10 * len(heard):
            return [f"{ear} hears no sound of class {_listed(missing)}"]
        return []
    worst, lowest = candidate["worst_class_name"], candidate["worst_class"]
    sentences = [
        f"{ear} takes {100 * candidate['accuracy']:.1f} % of the sounds for what they were "
        f"asked to be, worst {worst!r} with {100 * lowest:.0f} %"
    ]
    of_class = candidate["class_accuracy"]
    weak = [name for name, share in of_class.items() if share < WEAK_CLASS]
    if weak:
        named = "every class" if len(weak) == len(of_class) else _listed(weak)
        sentences.append(f"mostly taken for another class: {named}")
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
        f"cannot tell with {clips:,} clips, where {needs:,} are needed: {', '.join(names)}; "
        "compare at equal counts only"
        for (clips, needs), names in groups.items()
    ]


def short(value: float) -> str:
    """About three digits."""
    value = 0.0 if abs(value) < 0.005 else value
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 9.995 else f"{value:.2f}"
