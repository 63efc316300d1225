"""``soundgan verify``: whether what soundgan made is still as it was written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from soundgan.cli.console import emit, make_reporter
from soundgan.cli.options import Json, Quiet
from soundgan.errors import ExitCode
from soundgan.spelling import with_options

if TYPE_CHECKING:
    from soundgan.pipelines.verify.findings import Verified


def verify(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH", help="Prepared folders, runs, model files, checkpoints."),
    ],
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Check every hash, and name each file that is damaged, missing or unexpected.

    Writes nothing. Exit code 12 when anything is wrong.
    """
    from soundgan.api.files import verify as run

    result = run(paths, progress=make_reporter(quiet=quiet))
    document = {
        "schema": 1,
        "command": "verify",
        "whole": result.exit_code == ExitCode.OK,
        "paths": [_facts(path) for path in result.paths],
    }
    emit(document, "\n".join(map(_text, result.paths)), as_json=as_json)
    if result.exit_code != ExitCode.OK:
        raise typer.Exit(result.exit_code)


def _facts(verified: Verified) -> dict[str, Any]:
    return {
        "path": str(verified.path),
        "kind": verified.kind,
        "whole": not verified.faults,
        "checked": list(verified.checked),
        "faults": [
            {
                "path": str(fault.path),
                "problem": fault.problem,
                "reason": with_options(fault.reason),
            }
            for fault in verified.faults
        ],
    }


def _text(verified: Verified) -> str:
    if not verified.faults:
        return f"{verified.path}: whole {verified.kind}: {'; '.join(verified.checked)}"
    return "\n".join(
        f"{fault.path}: {fault.problem}: {with_options(fault.reason)}" for fault in verified.faults
    )
