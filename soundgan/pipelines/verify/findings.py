"""What was checked, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from soundgan.errors import ArtefactError, ConfigError

Problem = Literal["damaged", "missing", "unexpected"]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Fault:
    """One file that is not as it was written.

    Attributes:
        path: The file.
        problem: What is the matter with it.
        reason: How that is known, or what to do.
    """

    path: Path
    problem: Problem
    reason: str


@dataclass(frozen=True)
class Verified:
    """One path and what became of it.

    Attributes:
        path: As it was given.
        kind: ``prepared folder``, ``run``, ``model`` or ``checkpoint``.
        checked: What was found in order, in words.
        faults: What was not; nothing is wrong without one.
    """

    path: Path
    kind: str
    checked: tuple[str, ...]
    faults: tuple[Fault, ...]


class Findings:
    """Collects both while a path is gone through."""

    def __init__(self) -> None:
        self.checked: list[str] = []
        self.faults: list[Fault] = []

    def note(self, what: str) -> None:
        """Something was checked and is in order."""
        self.checked.append(what)

    def add(self, path: Path, problem: Problem, reason: str) -> None:
        """Something is wrong."""
        self.faults.append(Fault(path, problem, reason.removeprefix(f"{path}: ")))

    def attempt(self, path: Path, read: Callable[[], Found]) -> Found | None:
        """What ``read`` makes of a file, or ``None`` and a fault."""
        if not path.is_file():
            self.add(path, "missing", "there is no such file")
            return None
        try:
            return read()
        except (ArtefactError, ConfigError) as error:
            self.add(path, "damaged", str(error))
            return None

    def verified(self, path: Path, kind: str) -> Verified:
        """All of it."""
        return Verified(path, kind, tuple(self.checked), tuple(self.faults))
