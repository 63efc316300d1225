"""The command line that a person typed, to be shown and typed once more."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping
from typing import Any

import typer

from soundgan.spelling import with_options

OVERRIDES = "overrides"
"""The parameter of ``--set``."""


ADDRESSES = "addresses"
"""The parameter of what is typed without an option."""


def command(name: str, arguments: Mapping[str, Any]) -> str:
    """The command that calls a function of the Python door with these arguments.

    Args:
        name: Of the command.
        arguments: Of the function.
    """
    words = ["soundgan", name]
    for parameter, value in arguments.items():
        if parameter == ADDRESSES:
            words.append(str(value))
        elif value is True:
            words += with_options(f"`{parameter}`").split()
        else:
            words += [with_options(f"`{parameter}`"), str(value)]
    return shlex.join(words)


def command_again(
    ctx: typer.Context, *, without: Collection[str] = (), setting: str | None = None
) -> str:
    """The command with the options that were given, quoted for a shell.

    Args:
        ctx: Of the running command.
        without: Parameters to leave out.
        setting: ``KEY=VALUE`` for ``--set``, in place of what was given for that key.
    """
    replaced = None if setting is None else _key(setting)
    # Called as a module, the program's own name has three words.
    program = ctx.find_root().command_path
    words = ["soundgan", *ctx.command_path.removeprefix(program).split()]
    for parameter in ctx.command.params:
        name = parameter.name or ""
        source = ctx.get_parameter_source(name)
        if source is None or source.name != "COMMANDLINE" or name in without:
            continue
        value = ctx.params[name]
        if isinstance(value, bool):
            words.append((parameter.opts if value else parameter.secondary_opts)[0])
            continue
        for each in value if isinstance(value, list | tuple) else [value]:
            if name == OVERRIDES and _key(str(each)) == replaced:
                continue
            words += [*parameter.opts[:1], f"{each:g}" if isinstance(each, float) else str(each)]
    if setting is not None:
        words += ["--set", setting]
    return shlex.join(words)


def _key(setting: str) -> str:
    return setting.partition("=")[0].strip()
