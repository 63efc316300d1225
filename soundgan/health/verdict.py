"""What a run ends with: one or two sentences on how the game went."""

from __future__ import annotations

from dataclasses import dataclass

from soundgan.health.memory import History, Memory
from soundgan.health.remedies import DONE
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


def verdict(memory: Memory, *, step: int, steps: int, remedies: bool) -> Verdict:
    """The verdict on a run at ``step`` of ``steps``, from what its watch remembers."""
    met = {name: history for name, history in memory.troubles.items() if history.count}
    lasting = {name: history for name, history in met.items() if history.since is not None}
    healthy = all(TROUBLES.load(name).mild for name in lasting)
    if not met and step < steps:
        return Verdict(True, f"no trouble so far, in {step:,} of {steps:,} steps")
    if not met:
        return Verdict(True, f"healthy: no trouble in {step:,} steps")
    if not lasting:
        told = [_passed_words(name, history) for name, history in met.items()]
        return Verdict(True, f"healthy again: {'. Also '.join(told)}")
    told = [_lasting_words(name, history, step, remedies) for name, history in lasting.items()]
    return Verdict(healthy, f"{'healthy, but ' if healthy else ''}{'; '.join(told)}")


def _passed_words(name: str, history: History) -> str:
    until = "" if history.over is None else f" to step {history.over:,}"
    helped = f"; what was done: {_listed(history)}" if history.remedies else ""
    return f"{_happened(name, history)}{until}, and that is over{helped}"


def _lasting_words(name: str, history: History, step: int, remedies: bool) -> str:
    words = _happened(name, history)
    words += "" if words.endswith("start") else " on"
    if history.remedies:
        helped = "had no time to help" if step - history.last < TIME_TO_HELP else "did not help"
        return f"{words}, and {_listed(history)} {helped}"
    return words if remedies else f"{words}, and nothing was done, as remedies were switched off"


def _happened(name: str, history: History) -> str:
    trouble = TROUBLES.load(name)
    at_once = trouble.lasts and history.first <= START
    return f"{trouble.happened} from {'the start' if at_once else f'step {history.first:,}'}"


def _listed(history: History) -> str:
    return " and ".join(DONE.get(name, name) for name in history.remedies)
