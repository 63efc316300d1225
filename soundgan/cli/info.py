"""``soundgan info``: what is installed, or what files and folders are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from soundgan.cli.again import command
from soundgan.cli.console import emit, make_reporter
from soundgan.cli.options import Json


def info(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH",
            help="Prepared folders, runs, models, and sounds and pictures made by soundgan.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Describe this installation and its devices, or what files and folders are.

    For a sound or picture made by soundgan it tells model, seed and class. Where
    the model is in runs/ or bundled, it also tells the command that makes the
    sound again.
    """
    from soundgan.api.files import info as facts_of
    from soundgan.errors import ExitCode, SoundGANError

    if not paths or len(paths) == 1:
        facts = _typed(facts_of(*(paths or ())))
        emit({"schema": 1, "command": "info", **facts}, _text(facts), as_json=as_json)
        return
    reporter = make_reporter(quiet=False)
    known, failed = [], False
    for path in paths:
        try:
            known.append(_typed(facts_of(path)))
        except SoundGANError as error:
            reporter.warn(str(error))
            failed = True
    document = {"schema": 1, "command": "info", "items": known}
    emit(document, "\n\n".join(map(_text, known)), as_json=as_json)
    if failed:
        raise typer.Exit(ExitCode.PARTIAL if known else ExitCode.NOTHING_USABLE)


def _typed(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts with the command that makes a sound again, as it is typed."""
    from soundgan.pipelines.info_sound import AGAIN

    if AGAIN not in facts:
        return facts
    return facts | {AGAIN: command("generate", facts[AGAIN])}


def _text(facts: dict[str, object]) -> str:
    if facts.get("kind") == "foreign":
        return f"{facts['path']}: not made by soundgan"
    return "\n".join(f"{name}: {_shown(value)}" for name, value in facts.items())


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "".join(f"\n  {name}: {_shown(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)
