"""Help texts as people read them: a switch takes no value, and a number is ``1 to 64``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.models import CommandFunctionType

_MANY = 2**53
"""No person types a number above."""


class _Plain:
    """Shows what Typer calls ``<bool>``, ``<int range>`` or ``<list[Path]>`` in plain words."""

    def get_params(self, ctx: Any) -> Any:
        """The parameters of the command, which know how to show what they take."""
        parameters = super().get_params(ctx)  # type: ignore[misc]  # of the class beside it
        for parameter in parameters:
            parameter.display_type_rich = _showing(taken(parameter))
            parameter._get_number_range_help_str = lambda: None
        return parameters


class PlainCommand(_Plain, TyperCommand):
    """A command with a plain help text."""


class PlainGroup(_Plain, TyperGroup):
    """A group of commands with a plain help text."""


class PlainTyper(typer.Typer):
    """Commands with plain help texts."""

    def __init__(self, *, cls: type[PlainGroup] = PlainGroup, **rest: Any) -> None:
        super().__init__(cls=cls, **rest)

    def command(
        self, name: str | None = None, **rest: Any
    ) -> Callable[[CommandFunctionType], CommandFunctionType]:
        """As of Typer."""
        return super().command(name, cls=PlainCommand, **rest)


def taken(parameter: Any) -> str:
    """What an option takes: ``1 to 64``, ``mix|left|right``, ``DIR``, or nothing."""
    if parameter.param_type_name == "argument" or parameter.is_flag:
        return ""
    if parameter.metavar:
        return str(parameter.metavar)
    kind = getattr(parameter, "type_descriptor", None)  # earlier Typers have none
    if kind is not None and kind.is_choice:
        return "|".join(map(str, kind.choices))
    low, high = getattr(parameter, "min", None), getattr(parameter, "max", None)
    if low is None:
        return "TEXT" if kind is None or kind.annotation is str else "N"
    return (
        f"{_number(low)} or more"
        if high is None or high > _MANY
        else f"{_number(low)} to {_number(high)}"
    )


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def _showing(text: str) -> Callable[[Any], str]:
    return lambda ctx: text
