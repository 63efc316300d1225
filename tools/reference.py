"""The pages of the site that are made: one per command, the keys of a config, the parts."""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from typer.main import get_command

from soundgan.augmentations import AUGMENTATIONS
from soundgan.cli.app import app
from soundgan.config.schema import Config
from soundgan.config.settings import Settings
from soundgan.inversion import INVERSIONS
from soundgan.losses import LOSSES
from soundgan.models import DISCRIMINATORS, GENERATORS
from soundgan.registry import Registry
from soundgan.representations import REPRESENTATIONS

FAMILIES: tuple[Registry[Any], ...] = (
    REPRESENTATIONS,
    INVERSIONS,
    GENERATORS,
    DISCRIMINATORS,
    LOSSES,
    AUGMENTATIONS,
)
SECTIONS = {"Raises": "Refused:", "References": "References:"}
SECTION = re.compile(rf"^(?P<name>{'|'.join(SECTIONS)}):\n(?P<text>(?:    .*\n?)+)", re.MULTILINE)
SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "min_length": "length ≥"}


def cell(text: str) -> str:
    """A text that stays in its cell of a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("(?P<", "(?P&lt;")


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(map(cell, line))} |\n" for line in lines)


def prose(text: str) -> str:
    """A docstring as Markdown: single backticks, roles by their names, sections as lists."""
    text = re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", inspect.cleandoc(text))
    return SECTION.sub(_as_list, text.replace("``", "`"))


def _as_list(section: re.Match[str]) -> str:
    """The entries of a section; each ends with a full stop at the end of a line."""
    entries = re.split(r"(?<=\.)\n", inspect.cleandoc(section["text"]))
    lines = (f"- {' '.join(entry.split())}\n" for entry in entries)
    return f"{SECTIONS[section['name']]}\n\n{''.join(lines)}".replace("- ConfigError: ", "- ")


# -- commands ----------------------------------------------------------------------------------


def commands(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its name after ``soundgan``."""
    command = command or get_command(app)
    inner = getattr(command, "commands", {})
    if path and (not inner or getattr(command, "invoke_without_command", False)):
        yield " ".join(path), command
    for name, child in inner.items():
        yield from commands(child, (*path, name))


def option_row(parameter: Any) -> tuple[str, ...]:
    """Names, meaning and default of one option."""
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    default = parameter.default
    if callable(default) or default is None or default is False or default in ("", ()):
        shown = ""
    elif default is True:
        shown = f"`{parameter.opts[0]}`"
    else:
        shown = f"`{default}`"
    values = "" if parameter.is_flag else parameter.metavar or type_of(_annotation(parameter))
    limits = ((parameter.min, "≥"), (parameter.max, "≤"))
    values += "".join(f", {sign} {limit:,}" for limit, sign in limits if limit is not None)
    return names, values, parameter.help or "", shown


def _annotation(parameter: Any) -> Any:
    """The type in the command's signature."""
    return parameter.type_descriptor.annotation


def _argument(parameter: Any) -> str:
    """The name of an argument, which says whether there may be several."""
    return f"{parameter.metavar or parameter.name.upper()}{'...' if parameter.nargs == -1 else ''}"


def command_page(name: str, command: Any) -> str:
    """Usage, help text, arguments and options of a command."""
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    names = {p: _argument(p) for p in arguments}
    words = " ".join(name if p.required else f"[{name}]" for p, name in names.items())
    text = f"# soundgan {name}\n\n```text\nsoundgan {name} [OPTIONS] {words}".rstrip()
    text += f"\n```\n\n{inspect.cleandoc(command.help or '')}\n"
    if arguments:
        rows = [(f"`{name}`", p.help or "") for p, name in names.items()]
        text += f"\n## Arguments\n\n{table(('argument', 'meaning'), rows)}"
    panels: dict[str, list[Any]] = {}
    for option in options:
        panels.setdefault(getattr(option, "rich_help_panel", None) or "Options", []).append(option)
    for panel, group in panels.items():
        rows4 = [option_row(option) for option in group]
        text += f"\n## {panel}\n\n{table(('option', 'values', 'meaning', 'default'), rows4)}"
    return text


# -- configs -----------------------------------------------------------------------------------


def type_of(annotation: Any) -> str:
    """A type as the writer of a config knows it."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return type_of(inner[0])
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in inner)
    if origin in (types.UnionType, typing.Union):
        return " or ".join(type_of(one) for one in inner if one is not type(None))
    if origin is list:
        return f"list of {type_of(inner[0])}"
    names = {int: "whole number", float: "number", str: "text", Path: "path", bool: "true or false"}
    return names.get(annotation, "table")


def range_of(field: FieldInfo) -> str:
    """Limits of a number, such as ``≥ 1, ≤ 100``."""
    limits = [
        f"{sign} {getattr(rule, name):,}"
        for rule in field.metadata
        for name, sign in SIGNS.items()
        if getattr(rule, name, None) is not None
    ]
    return ", ".join(limits)


def default_of(field: FieldInfo) -> str:
    """What holds where a config does not state the key."""
    if field.is_required():
        return "must be given"
    default = field.get_default(call_default_factory=True)
    if default is PydanticUndefined or default is None:
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def keys_of(model: type[Settings], prefix: str = "") -> Iterator[tuple[str, ...]]:
    """A row for each key of a table, inner tables included."""
    for name, field in model.model_fields.items():
        if inspect.isclass(field.annotation) and issubclass(field.annotation, Settings):
            yield from keys_of(field.annotation, f"{prefix}{name}.")
            continue
        kind = type_of(field.annotation)
        limits = range_of(field)
        meaning = prose(field.description or "")
        what = f"{kind}, {limits}" if limits else kind
        yield f"`{prefix}{name}`", what, default_of(field), meaning


HEAD = ("key", "value", "default", "meaning")


def config_page() -> str:
    """All keys of a config, table by table."""
    text = "# Keys of a config\n\n"
    text += "A preset states every key. A config that extends one states what differs.\n"
    for name, field in Config.model_fields.items():
        model: Any = field.annotation
        doc = prose(model.__doc__ or "")
        text += f"\n## {name}\n\n{doc}\n\n{table(HEAD, list(keys_of(model)))}"
    return text


def parts_page() -> str:
    """All parts and the keys of their options."""
    text = "# Parts and their options\n\n"
    text += 'Parts are chosen by `name = "..."`; these are the keys of their `options`.\n'
    for family in FAMILIES:
        text += f"\n## {family.kind}\n"
        for name in family.names():
            part = family.load(name)
            doc = prose(part.__doc__ or "")
            text += f"\n### {family.kind} {name}\n\n{doc}\n"
            rows = list(keys_of(part.Options))
            text += f"\n{table(HEAD, rows)}" if rows else "\nNo options.\n"
    return text


def pages() -> dict[str, str]:
    """Every page by its address in the site."""
    made = {
        f"reference/{name.replace(' ', '-')}.md": command_page(name, command)
        for name, command in commands()
    }
    return made | {"reference/config.md": config_page(), "reference/parts.md": parts_page()}
