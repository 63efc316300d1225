"""The command line that a person typed, to be shown and typed once more."""

from __future__ import annotations

import shlex
from collections.abc import Collection

import typer


def command_again(ctx: typer.Context, *, without: Collection[str] = ()) -> str:
    """The command with the options that were given, quoted for a shell.

    Args:
        ctx: Of the running command.
        without: Parameters to leave out.
    """
    words = ["soundgan", *ctx.command_path.split()[1:]]
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
            words += [*parameter.opts[:1], f"{each:g}" if isinstance(each, float) else str(each)]
    return shlex.join(words)
