"""Everything that can be said to the program, read from the program itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from typer.main import get_command

from soundgan.cli.app import app


@dataclass(frozen=True)
class Place:
    """Somewhere a person writes a value.

    Attributes:
        command: Words that name the command.
        option: As it is written; empty for an argument.
        number: Of the argument, from 0.
    """

    command: tuple[str, ...]
    option: str
    number: int = 0

    def __str__(self) -> str:
        return " ".join((*self.command, self.option or f"argument {self.number}"))


def commands() -> dict[tuple[str, ...], Any]:
    """Every command that does something, by the words that name it."""
    return dict(_below((), get_command(app)))


def _below(words: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    inner = getattr(command, "commands", None)
    if inner is None or getattr(command, "invoke_without_command", False):
        yield words, command
    for name, below in (inner or {}).items():
        yield from _below((*words, name), below)


def places(*, without: str = "") -> list[Place]:
    """All of them that take a value, those of one command left out."""
    found = []
    for words, command in commands().items():
        if words == (without,):
            continue
        arguments = 0
        for parameter in command.params:
            if parameter.param_type_name == "argument":
                found.append(Place(words, "", arguments))
                arguments += 1
            elif not parameter.is_flag and parameter.name != "help":
                found.append(Place(words, max(parameter.opts, key=len)))
    return found


def speaks_json(command: tuple[str, ...]) -> bool:
    """Whether the command has ``--json``."""
    return any("--json" in parameter.opts for parameter in commands()[command].params)
