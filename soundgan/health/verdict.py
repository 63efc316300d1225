"""What a run ends with: one or two sentences on how the game went."""

from __future__ import annotations

from dataclasses import dataclass

from soundgan.health.history import Course, History
from soundgan.health.troubles import TROUBLES

START = 20
"""Steps that count as the start."""
TIME_TO_HELP = 200
"""Steps after which the newest remedy can be judged."""


@dataclass(frozen=True)
class Verdict:
    """Whether the game ended well, and how it went."""

    healthy: bool
    sentence: str


def verdict(history: History, *, step: int, steps: int, remedies: bool) -> Verdict:
    """The verdict on a run at ``step`` of ``steps``, from what its watch remembers."""
    met = {name: course for name, course in history.troubles.items() if course.count}
    lasting = {name: course for name, course in met.items() if course.since is not None}
    healthy = all(TROUBLES.load(name).mild for name in lasting)
    if not met and step < steps:
        return Verdict(True, f"no trouble so far, in {step:,} of {steps:,} steps")
    if not met:
        return Verdict(True, f"healthy: no trouble in {step:,} steps")
    if not lasting:
        told = [_passed_words(name, course) for name, course in met.items()]
        return Verdict(True, f"healthy again: {'. Also '.join(told)}")
    told = [_lasting_words(name, course, step, remedies) for name, course in lasting.items()]
    return Verdict(healthy, f"{'healthy, but ' if healthy else ''}{'; '.join(told)}")


def _passed_words(name: str, course: Course) -> str:
    until = "" if course.over is None else f" to step {course.over:,}"
    helped = f"; what was done: {_listed(course)}" if course.remedies else ""
    return f"{_happened(name, course)}{until}, and that is over{helped}"


def _lasting_words(name: str, course: Course, step: int, remedies: bool) -> str:
    words = _happened(name, course)
    words += "" if words.endswith("start") else " on"
    if course.remedies:
        helped = "had no time to help" if step - course.last < TIME_TO_HELP else "did not help"
        return f"{words}, and {_listed(course)} {helped}"
    return words if remedies else f"{words}, and nothing was done, as remedies were switched off"


def _happened(name: str, course: Course) -> str:
    trouble = TROUBLES.load(name)
    at_once = trouble.lasts and course.first <= START
    return f"{trouble.happened} from {'the start' if at_once else f'step {course.first:,}'}"


def _listed(course: Course) -> str:
    ladders = (TROUBLES.load(name).ladder for name in TROUBLES.names())
    done = {remedy.name: remedy.done for ladder in ladders for remedy in ladder}
    return " and ".join(done.get(name, name) for name in course.remedies)
