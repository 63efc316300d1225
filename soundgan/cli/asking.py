"""Questions about what a picture does not say, asked on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from soundgan.errors import UsageError

if TYPE_CHECKING:
    from soundgan.pictures.reading import Assumption

QUESTIONS = {
    "seconds": "How many seconds does the picture show?",
    "axis": "Which scale has its frequency axis: linear, log, mel?",
    "f_min": "Which frequency is at its lower edge, Hz?",
    "f_max": "Which frequency is at its upper edge, Hz?",
    "range_db": "How many decibels are between its quietest and its loudest colour?",
}
"""In the order they are asked."""


def ask(pictures: Sequence[Path], stated: Mapping[str, Any]) -> dict[str, Any]:
    """Answers to what is neither stated nor read from a picture; Enter keeps what is assumed.

    Args:
        pictures: One file.
        stated: What is stated already, as of :func:`soundgan.invert_files`.

    Raises:
        UsageError: There is no terminal to ask on, more than one picture, or no such answer.
        PictureError: The file cannot be read as a picture.
    """
    if not sys.stdin.isatty():
        raise UsageError("`interactive`: there is no terminal to ask on; state what is missing")
    if len(pictures) != 1 or pictures[0].is_dir():
        raise UsageError("`interactive`: asks about one picture at a time; name one file")
    from soundgan.api.picture_files import assumed_of

    guessed = {entry.parameter: entry for entry in assumed_of(pictures[0], **stated)}
    answers: dict[str, Any] = {}
    for parameter, question in QUESTIONS.items():
        if parameter not in guessed:
            continue
        answer = _answer(question, guessed[parameter])
        if answer is not None:
            answers[parameter] = answer
    return answers


def _answer(question: str, guess: Assumption) -> float | str | None:
    """What was answered; ``None`` where it is what is assumed anyway."""
    numeric = guess.parameter != "axis"
    default: float | str = float(guess.value) if numeric else guess.value
    kind = float if numeric else str
    try:
        answer: float | str = typer.prompt(question, default=default, type=kind, err=True)
    except typer.Abort:  # Ctrl-C, or the end of what is typed
        raise KeyboardInterrupt from None
    if not numeric:
        from soundgan.pictures.axis import demand_axis

        demand_axis(str(answer))
    return None if answer == default else answer
