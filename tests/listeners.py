"""A listener that remembers what it was told."""

from __future__ import annotations


class Listener:
    """Keeps lines, warnings, progress and the tasks that ended."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.warned: list[str] = []
        self.steps: list[tuple[int, int]] = []
        self.finished: list[str] = []

    def say(self, message: str) -> None:
        self.said.append(message)

    def warn(self, message: str) -> None:
        self.warned.append(message)

    def progress(
        self, task: str, done: int, total: int, note: str = "", left: float | None = None
    ) -> None:
        assert 0 <= done <= total
        self.steps.append((done, total))

    def finish(self, task: str) -> None:
        self.finished.append(task)
