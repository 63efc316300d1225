"""How a caller of the Python functions hears what goes on: not at all, unless it asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from soundgan.reporting import Reporter, SilentReporter


@dataclass(frozen=True)
class Progress:
    """One thing that a running call has to tell.

    Attributes:
        task: Name of what is being done; empty beside a message.
        done: Of ``total``.
        total: What there is to do of it.
        note: More about it, for people.
        seconds_left: To its end, where the work knows better than its speed tells.
        message: A line worth reading; empty beside a task.
        warning: Whether that line should not be missed.
    """

    task: str = ""
    done: int = 0
    total: int = 0
    note: str = ""
    seconds_left: float | None = None
    message: str = ""
    warning: bool = False


Listener = Callable[[Progress], object] | Reporter | None
"""A function that takes every :class:`Progress`; or ``None`` for silence."""


class CallingReporter:
    """Hands everything to one function, as :class:`Progress`."""

    def __init__(self, call: Callable[[Progress], object]) -> None:
        self._call = call

    def say(self, message: str) -> None:
        """A line worth reading."""
        self._call(Progress(message=message))

    def warn(self, message: str) -> None:
        """A line that should not be missed."""
        self._call(Progress(message=message, warning=True))

    def progress(
        self, task: str, done: int, total: int, note: str = "", left: float | None = None
    ) -> None:
        """``done`` of ``total``."""
        self._call(Progress(task, done, total, note, left))

    def finish(self, task: str) -> None:
        """Ends are told by ``done == total``."""


def reporter_for(progress: Listener) -> Reporter:
    """What a pipeline reports to."""
    if progress is None:
        return SilentReporter()
    if callable(progress):
        return CallingReporter(progress)
    return progress
