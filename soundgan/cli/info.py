"""``soundgan info``: what is installed, or what a path is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from soundgan.cli.console import emit
from soundgan.cli.options import Json


def info(
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="A prepared folder, run or model.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Describe this installation and its devices, or a prepared folder, run or model."""
    from soundgan.pipelines.info import describe_installation, describe_path

    facts = describe_installation() if path is None else describe_path(path)
    text = "\n".join(f"{name}: {_shown(value)}" for name, value in facts.items())
    emit({"schema": 1, "command": "info", **facts}, text, as_json=as_json)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "".join(f"\n  {name}: {_shown(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)
