"""``soundgan recall``: sounds made again from what they say of themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from soundgan.cli.console import emit, make_reporter
from soundgan.cli.options import Json, Overwrite, Quiet
from soundgan.cli.sounds import Out


def recall(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Sounds and pictures made by soundgan, and folders."),
    ],
    model: Annotated[
        Path | None,
        typer.Option(
            "--model",
            metavar="RUN|FILE|NAME",
            help="The model that made them. Default: found by its hash in runs/ or bundled.",
        ),
    ] = None,
    out: Out = Path("recalled"),
    overwrite: Overwrite = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make sounds and pictures again from what their files say.

    On the same machine the new file equals the old one byte for byte. Where it
    does not, the command says so and leaves with exit code 3.
    """
    from soundgan.api.addressed import recall as run
    from soundgan.errors import ExitCode
    from soundgan.spelling import with_options

    reporter = make_reporter(quiet=quiet)
    result = run(files, out, model=model, overwrite=overwrite, progress=reporter)
    for failure in result.failures:
        reporter.warn(failure.reason)
    for sound in result.sounds:
        if not sound.same:
            reporter.warn(f"{sound.path}: not the bytes of {sound.source}; {sound.why}")
    document = {
        "schema": 1,
        "command": "recall",
        "sounds": [
            {
                "source": str(s.source),
                "path": str(s.path),
                "address": s.address,
                "same": s.same,
                "why": s.why or None,
                "written": s.written,
            }
            for s in result.sounds
        ],
        "failures": [
            {"source": str(f.path), "reason": with_options(f.reason)} for f in result.failures
        ],
    }
    if as_json or result.sounds:
        emit(document, "\n".join(str(s.path) for s in result.sounds), as_json=as_json)
    if result.exit_code != ExitCode.OK:
        raise typer.Exit(result.exit_code)
