"""A listener that remembers what it was told."""

from __future__ import annotations


class Listener:
    """Keeps lines and warnings."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.warned: list[str] = []

    def say(self, message: str) -> None:
        self.said.append(message)

    def warn(self, message: str) -> None:
        self.warned.append(message)

    def progress(
        self, task: str, done: int, total: int, note: str = "", left: float | None = None
    ) -> None:
        assert 0 <= done <= total

    def finish(self, task: str) -> None:
        pass
