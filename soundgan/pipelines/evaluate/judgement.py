"""The numbers in plain words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from soundgan.evaluation.view import WHOLE
from soundgan.pipelines.evaluate.excess import CLEAR_TIMES, Excess, worst_of
from soundgan.pipelines.evaluate.extractors import CLASSIFIER
from soundgan.pipelines.evaluate.numbers import FEW_CLIPS, PRIMARY, Doubt, number_of, value_at
from soundgan.words import percent

Tone = Literal["good", "workable", "bad"]
Hearing = Literal["", "foreign", "mixed up"]
"""What is wrong with the classes of the sounds, in a classifier's ears."""

RECALL, COVERAGE, DIVERSITY = f"{WHOLE.name}.recall", f"{WHOLE.name}.coverage", "diversity_ratio"
PRECISION = f"{WHOLE.name}.precision"

_MOST_NAMES = 6
"""Of numbers in one sentence."""

MEMORISED_RATIO = 0.7
LOW_RECALL = 0.1
LOW_COVERAGE = 0.3
LOW_DIVERSITY = 0.5
WEAK_CLASS = 0.5
"""Below this a class is not what it should be, more often than it is."""

ABSENT, ENOUGH = 0.2, 8
"""A class is absent that is heard less than a fifth as often as among recordings, where as many of
them have so many of it."""

CLOSE_PRECISION, CLOSE_RECALL = 0.85, 0.8
FAR_PRECISION = 0.4
"""Shares of the real row: from the first two on, close to real; below the last, far from it."""

FAR_DISTANCE = 0.1
"""Kernel distance beyond which no quality can be spoken of: a network after its first minutes.

White noise is at 0.5 to 0.9 from most recordings; where it is nearer, half-way to it is far too.
"""

CLEAR = 0.5
"""Of a limit: with too few clips for a number, what is beyond this share of it is beyond doubt."""

FOREIGN, MIXED_UP = 0.25, 0.8
"""Of the way from guessing to the classifier's own accuracy: below the first, sounds are not of the
classes asked for; below the second, often not."""

BLIND_PRECISION = 0.5
"""Of noise: from here on, lying among real recordings is no sign of looking real."""

_MOST_NAMED = 4
"""Numbers that stand out, in the sentence about them."""

_MOST_TIMES = 99

_FINER = (
    f"a clear answer needs {FEW_CLIPS} sounds and {FEW_CLIPS} reference clips or more; "
    "larger `test` and `validation` of soundgan prepare keep more of them"
)
_REACH = "; where a class has few reference clips, its neighbourhoods reach into other classes"

LEAST_HEARING = 0.2
"""By which a classifier has to surpass guessing to be asked at all."""


@dataclass(frozen=True)
class Judgement:
    """What the numbers come to.

    Attributes:
        tone: How good that is.
        answer: The verdict in one sentence.
        worst: The number that is farthest beyond what chance does, where one stands out.
        sentences: What stands behind it, the most important first.
    """

    tone: Tone
    answer: str
    worst: Excess | None
    sentences: tuple[str, ...]


def judge(
    rows: dict[str, dict[str, Any]],
    shares: dict[str, dict[str, float]],
    doubts: Sequence[Doubt],
    excesses: Sequence[Excess] = (),
    *,
    own_accuracy: float | None,
    labelled: int = 0,
) -> Judgement:
    """The verdict on the candidate's row.

    Too few clips leave numbers in doubt, but not what is far beyond every limit: noise is noise,
    however few recordings it stands beside.

    Args:
        rows: The report's rows.
        shares: Their quotients by the real row.
        doubts: Numbers that too few clips stand behind.
        excesses: Numbers beside what chance does, the worst first.
        own_accuracy: Of the classifier on reference clips, where there is one.
        labelled: Sounds that were asked to be of a class.
    """
    candidate, real = rows["candidate"], rows["real"]
    doubted = {doubt.key: doubt.clips for doubt in doubts}
    memorised = _memorisation(rows, doubted)
    low = _too_low(candidate, real, doubted)
    alike = not _beyond(candidate, real)
    far = _is_far(rows, shares["candidate"], doubted)
    hearing = _hearing(candidate, own_accuracy, labelled)
    worst = worst_of(excesses)
    sentences = [
        _worst(excesses),
        memorised,
        _collapse(candidate, real, low),
        _distance(candidate, real, alike=alike, far=far),
        _fidelity(candidate, real, doubted),
        *_classes(candidate, real, own_accuracy, hearing),
        *_blind(rows),
        *_doubt_sentences(doubts),
        _FINER if PRIMARY in doubted else "",
    ]
    tone: Tone = "bad"
    if memorised:
        answer = "These sounds repeat the training clips."
    elif clear := _clearly_bad(set(low), hearing, far=far):
        answer = clear
    elif PRIMARY in doubted:
        tone, answer = "workable", _unsure(candidate["clips"], doubted[PRIMARY], alike=alike)
    else:
        tone, answer = _answer(candidate["clips"], shares["candidate"], hearing, alike=alike)
        if absent := _absent(candidate, real):
            tone, answer = "workable", f"Hardly a sound of class {_listed(absent)} is among them."
        elif tone == "good" and alike and worst:
            tone, answer = "workable", "Hard to tell from real recordings, but not by everything."
    if worst:
        answer = f"{answer.removesuffix('.')}: {worst.words}."
    return Judgement(tone, answer, worst, tuple(filter(None, sentences)))


def _worst(excesses: Sequence[Excess]) -> str:
    """The numbers that stand out, and by how much."""
    clear = [excess for excess in excesses if excess.times >= CLEAR_TIMES][:_MOST_NAMED]
    if not clear:
        return ""
    named = "; ".join(f"{excess.words} ({_times(excess.times)})" for excess in clear)
    return f"beyond chance, and by how many times: {named}"


def _times(times: float) -> str:
    return f"over {_MOST_TIMES} times" if times > _MOST_TIMES else f"{short(times)} times"


def _clearly_bad(low: set[str], hearing: Hearing, *, far: bool) -> str:
    """The answer where no further number could make it a good one."""
    if far:
        return "Far from real recordings."
    if low - {RECALL}:
        return "Mode collapse: these sounds show a small part of the recordings' variety."
    if hearing == "foreign":
        return "These sounds are not of the classes that they were asked to be."
    if low:
        return "These sounds keep to the middle of what the recordings show."
    return ""


def _unsure(clips: int, fewest: int, *, alike: bool) -> str:
    beside = f"{clips:,} sounds" + (f" and {fewest:,} reference clips" if fewest < clips else "")
    if alike:
        return f"Cannot tell with {beside}."
    return f"Not real yet; {beside} are too few to tell how far."


def _answer(
    clips: int, shares: dict[str, float], hearing: Hearing, *, alike: bool
) -> tuple[Tone, str]:
    if hearing == "mixed up":
        return "workable", "Right in kind, but often not of the class asked for."
    precision, recall = shares.get(PRECISION, 0), shares.get(RECALL, 0)
    close = precision >= CLOSE_PRECISION and recall >= CLOSE_RECALL
    odd = precision / CLOSE_PRECISION < recall / CLOSE_RECALL
    lack = "many sound odd" if odd else "they have less variety than the recordings"
    if alike and close:
        return "good", f"With {clips} clips these sounds cannot be told from real ones."
    if alike:
        return "workable", f"By distance they cannot be told from real ones, but {lack}."
    if close:
        return "good", "Close to real recordings, but they can be told apart."
    return "workable", f"Right in kind, but {lack}."


def _beyond(candidate: dict[str, Any], real: dict[str, Any]) -> bool:
    """Whether the sounds are farther than real recordings by more than both intervals."""
    ours, theirs = (row[WHOLE.name]["kernel_distance"] for row in (candidate, real))
    return bool(ours["low"] > theirs["high"])


def _is_far(
    rows: dict[str, dict[str, Any]], shares: dict[str, float], doubted: Mapping[str, int]
) -> bool:
    """Whether the sounds are nothing like the recordings, by distance or by precision."""
    precision = shares.get(PRECISION, 0.0)
    limit = FAR_PRECISION * (CLEAR if PRECISION in doubted else 1.0)
    ours, noise = (rows[name][WHOLE.name]["kernel_distance"] for name in ("candidate", "noise"))
    far = min(FAR_DISTANCE, noise["value"] / 2)
    return precision < limit or (_beyond(rows["candidate"], rows["real"]) and ours["low"] > far)


def _hearing(candidate: dict[str, Any], own_accuracy: float | None, labelled: int) -> Hearing:
    """What the classifier makes of the classes that were asked for."""
    accuracy = candidate.get("accuracy")
    if accuracy is None or own_accuracy is None or not labelled:
        return ""
    guessing = 1.0 / len(candidate["heard_as"])
    able = own_accuracy - guessing
    if able < LEAST_HEARING:
        return ""
    highest = _highest_share(accuracy, labelled)
    if highest < guessing + FOREIGN * able:
        return "foreign"
    return "mixed up" if highest < guessing + MIXED_UP * able else ""


def _highest_share(share: float, count: int) -> float:
    """What a share of ``count`` may be in truth, at most: Wilson's bound, two deviations up."""
    middle, spread = share + 2.0 / count, math.sqrt(share * (1.0 - share) / count + 1.0 / count**2)
    return (middle + 2.0 * spread) / (1.0 + 4.0 / count)


def _distance(candidate: dict[str, Any], real: dict[str, Any], *, alike: bool, far: bool) -> str:
    ours, theirs = (_interval(row[WHOLE.name]["kernel_distance"]) for row in (candidate, real))
    lead = f"cannot tell from real with {candidate['clips']} clips" if alike else "not yet real"
    lead = "far from real" if far else lead
    return f"{lead}: kernel distance ×1000 is {ours}, that of real recordings {theirs}"


def _interval(interval: dict[str, float]) -> str:
    value, low, high = (1000 * interval[name] for name in ("value", "low", "high"))
    return f"{short(value)} ({short(low)} to {short(high)})"


def _fidelity(candidate: dict[str, Any], real: dict[str, Any], doubted: Mapping[str, int]) -> str:
    if RECALL in doubted:
        return ""
    numbers = [
        row[WHOLE.name][name] for name in ("precision", "recall") for row in (candidate, real)
    ]
    p, real_p, r, real_r = (percent(number) for number in numbers)
    return (
        f"{p} of the sounds lie among real recordings (precision, real {real_p}), "
        f"and they reach {r} of what recordings show (recall, real {real_r})"
    )


def _memorisation(rows: dict[str, dict[str, Any]], doubted: Mapping[str, int]) -> str:
    ratio = rows["candidate"]["nearest_neighbour_ratio"]
    if ratio >= MEMORISED_RATIO * (CLEAR if "nearest_neighbour_ratio" in doubted else 1.0):
        return ""
    copies = rows["copy_synthesis"]["nearest_neighbour_ratio"]
    return (
        f"memorisation: the sounds lie {ratio:.2f} times as far from their nearest training clips "
        f"as reference recordings do, below {MEMORISED_RATIO} (training clips through the images "
        f"and back: {copies:.2f}); train for a shorter time, with more augmentation or more clips"
    )


def _too_low(
    candidate: dict[str, Any], real: dict[str, Any], doubted: Mapping[str, int]
) -> dict[str, tuple[float, float]]:
    """Measures of variety below their limits, and these, where as many recordings are not."""
    limits = {RECALL: LOW_RECALL, COVERAGE: LOW_COVERAGE, DIVERSITY: LOW_DIVERSITY}
    if DIVERSITY in doubted:  # and so are the others, which lean on single clips
        limits = {DIVERSITY: LOW_DIVERSITY * CLEAR}
    return {
        key: (ours, limit)
        for key, limit in limits.items()
        if key not in doubted or key == DIVERSITY
        if (ours := value_at(candidate, key) or 0.0) < limit <= (value_at(real, key) or 0.0)
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
    ours, theirs = (row[WHOLE.name]["precision"] for row in (candidate, real))
    if ours < FAR_PRECISION * theirs:
        return (
            f"mode collapse, or nothing like the recordings at all: {named}, "
            f"and precision is {ours:.2f}"
        )
    if low.keys() == {RECALL}:
        return (
            f"mode collapse within each kind of sound, or blurred sounds: {named}, although "
            f"coverage is {candidate[WHOLE.name]['coverage']:.2f}; they keep to the middle of "
            "what recordings show"
        )
    return f"mode collapse: {named}; most of what the recordings hold does not occur"


def _absent(candidate: dict[str, Any], real: dict[str, Any]) -> list[str]:
    """Classes that are heard far more rarely than among as many recordings."""
    usual = real.get("heard_as", {})
    return [
        name
        for name, share in candidate.get("heard_as", {}).items()
        if share < ABSENT * usual.get(name, 0.0) and candidate["clips"] * usual[name] >= ENOUGH
    ]


def _classes(
    candidate: dict[str, Any],
    real: dict[str, Any],
    own_accuracy: float | None,
    hearing: Hearing,
) -> list[str]:
    heard = candidate.get("heard_as")
    if heard is None or own_accuracy is None:
        return []
    ear = f"a classifier that names {100 * own_accuracy:.1f} % of reference clips rightly"
    absent = _absent(candidate, real)
    missing = [f"{ear} hears hardly a sound of class {_listed(absent)}"] if absent else []
    if candidate.get("accuracy") is None:
        return missing
    worst, lowest = candidate["worst_class_name"], candidate["worst_class"]
    guessing = f" (guessing: {100 / len(heard):.0f} %)" if hearing == "foreign" else ""
    sentences = [
        f"{ear} takes {100 * candidate['accuracy']:.1f} % of the sounds for what they were "
        f"asked to be{guessing}, worst {worst!r} with {percent(lowest)}",
        *missing,
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


def _blind(rows: dict[str, dict[str, Any]]) -> list[str]:
    """Extractors in whose neighbourhoods even noise lies, so that precision says nothing there."""
    sentences = []
    for name, space in rows["noise"].items():
        if isinstance(space, dict) and space.get("precision", 0.0) > BLIND_PRECISION:
            sentences.append(
                f"precision and density ({name}) say nothing here: of white noise, "
                f"{percent(space['precision'])} lie among real recordings too"
                + (_REACH if name == CLASSIFIER else "")
            )
    return sentences


def _doubt_sentences(doubts: Sequence[Doubt]) -> list[str]:
    """One sentence for all numbers that lack the same."""
    groups: dict[tuple[int, int], dict[str, list[str]]] = {}
    for doubt in doubts:
        named = groups.setdefault((doubt.clips, doubt.needs), {})
        named.setdefault(doubt.title, []).extend([doubt.space] if doubt.space else [])
    return [
        f"rough, from {clips:,} clips where {needs:,} are needed: "
        + (_names(named) if len(named) <= _MOST_NAMES else "most numbers, marked “?”")
        + "; compare at equal counts only"
        for (clips, needs), named in groups.items()
    ]


def _names(named: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(f"{name} ({', '.join(of)})" if of else name for name, of in named.items())


def short(value: float) -> str:
    """About three digits."""
    value = 0.0 if abs(value) < 0.005 else value
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 9.995 else f"{value:.2f}"
