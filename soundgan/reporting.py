"""How work tells its caller what happens, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Reporter(Protocol):
    """Receives what a pipeline wants a person to see; never results."""

    def say(self, message: str) -> None:
        """One line worth reading."""

    def warn(self, message: str) -> None:
        """One line that should not be missed."""

    def progress(self, task: str, done: int, total: int, note: str = "") -> None:
        """``done`` of ``total`` in the named task; the same task is updated in place."""

    def finish(self, task: str) -> None:
        """The named task is over; its bar may go."""


class SilentReporter:
    """Listens to nothing; for library use and tests."""

    def say(self, message: str) -> None:
        """Ignore."""

    def warn(self, message: str) -> None:
        """Ignore."""

    def progress(self, task: str, done: int, total: int, note: str = "") -> None:
        """Ignore."""

    def finish(self, task: str) -> None:
        """Ignore."""
