"""``soundgan bench``: how fast this machine is, beside what it could do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from soundgan.cli.console import emit, make_reporter
from soundgan.cli.options import Json, Quiet
from soundgan.errors import ExitCode
from soundgan.spelling import with_options


def bench(
    device: Annotated[
        str,
        typer.Option(
            "--device",
            metavar="NAME",
            help="auto, cpu, cuda, cuda:1 or mps; all measures every one there is.",
        ),
    ] = "auto",
    model: Annotated[
        Path | None,
        typer.Option(
            "--model",
            metavar="RUN|FILE|PRESET",
            help="A run, a model file, a bundled model, or a preset, untrained. "
            "Default: the newest run in runs/, or without runs a bundled model.",
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Give a first impression in about ten seconds.")
    ] = False,
    batch_sizes: Annotated[
        str,
        typer.Option(
            "--batch-sizes", metavar="N,N,...", help="Numbers of sounds to compute at a time."
        ),
    ] = "1,8,32",
    save: Annotated[
        Path | None, typer.Option("--save", metavar="FILE", help="Write the result as JSON.")
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option("--compare", metavar="FILE", help="A saved result to compare with."),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Measure how fast this machine makes sounds and trains.

    The best that the device could reach stands beside it. Each device is first
    compared with the CPU. If its images differ, its row says so.
    """
    from soundgan.api.benching import bench as run
    from soundgan.pipelines.bench.request import parse_batch_sizes

    result = run(
        model,
        device=device,
        quick=quick,
        batch_sizes=parse_batch_sizes(batch_sizes),
        save=save,
        compare=compare,
        progress=make_reporter(quiet=quiet),
    )
    document = {**result.document, "rows": [_typed(row) for row in result.document["rows"]]}
    text = with_options(result.text())
    emit(document, text, as_json=as_json, nowhere_else=save is None)
    if result.exit_code != ExitCode.OK:
        raise typer.Exit(result.exit_code)


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose sentences name options, for ``--json``."""
    sounds = row["sounds"]
    refused = {size: with_options(why) for size, why in sounds["refused"].items()} if sounds else {}
    return row | {
        "failure": with_options(row["failure"]),
        "training_failure": with_options(row["training_failure"]),
        "sounds": sounds and sounds | {"refused": refused},
    }
