"""How work tells its caller what happens, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Reporter(Protocol):
    """Receives what a pipeline wants a person to see; never results."""

    def say(self, message: str) -> None:
        """One line worth reading."""

    def warn(self, message: str) -> None:
        """One line that should not be missed."""

    def progress(
        self, task: str, done: int, total: int, note: str = "", left: float | None = None
    ) -> None:
        """``done`` of ``total`` in the named task; the same task is updated in place.

        Args:
            task: Its name.
            done: Of ``total``.
            total: What there is to do.
            note: More about it, in parts with two spaces between them, the first needed most.
            left: Seconds to its end, where the work knows better than its speed tells.
        """

    def finish(self, task: str) -> None:
        """The named task is over; its bar may go."""


class SilentReporter:
    """Listens to nothing; for library use and tests."""

    def say(self, message: str) -> None:
        """Ignore."""

    def warn(self, message: str) -> None:
        """Ignore."""

    def progress(
        self, task: str, done: int, total: int, note: str = "", left: float | None = None
    ) -> None:
        """Ignore."""

    def finish(self, task: str) -> None:
        """Ignore."""


def clock_time(seconds: float) -> str:
    """``h:mm:ss``."""
    whole = max(0, round(seconds))
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
