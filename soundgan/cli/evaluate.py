"""``soundgan evaluate``: how near generated sounds are to real ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from soundgan.cli.console import emit, make_reporter
from soundgan.cli.options import DataFolder, Device, FirstSeed, Json, Quiet, Truncation, within
from soundgan.errors import ExitCode
from soundgan.ranges import EVALUATE
from soundgan.spelling import with_options


def evaluate(
    target: Annotated[
        Path | None,
        typer.Argument(
            metavar="RUN|MODEL|WAV_DIR",
            help="A run, a model file, or a folder of WAV and FLAC. Default: the newest run.",
        ),
    ] = None,
    data: DataFolder = None,
    count: Annotated[
        int | None,
        within(
            EVALUATE["count"],
            "-n",
            "--count",
            help="How many sounds. Default: 500, or all of a folder.",
        ),
    ] = None,
    seed: FirstSeed = 0,
    truncation: Truncation = 1.0,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help="Folder for the results. Default: the run, else evaluation/.",
        ),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option(
            "--compare", metavar="FILE", help="An earlier evaluation.json to compare with."
        ),
    ] = None,
    split: Annotated[
        Literal["test", "validation"],
        typer.Option(
            "--split",
            help="Clips to measure against: test, or the validation clips that chose the model.",
        ),
    ] = "test",
    device: Device = "auto",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Measure generated sounds against real ones that no model has trained on.

    The same numbers are given for real recordings, for recordings that went
    through the model's images and back, and for noise. Open evaluation.html to
    hear the sounds beside the training clips that are nearest to them.
    """
    from soundgan.api.evaluating import evaluate as run

    result = run(
        target,
        data,
        count=count,
        seed=seed,
        truncation=truncation,
        out=out,
        compare=compare,
        device=device,
        split=split,
        progress=make_reporter(quiet=quiet),
    )
    document = {
        **result.document,
        "verdict": _typed(result.document["verdict"]),
        "remarks": [with_options(remark) for remark in result.document["remarks"]],
        "report": str(result.report),
        "page": str(result.page),
    }
    text = f"{with_options(result.text())}\n\npage: {result.page}"
    emit(document, text, as_json=as_json)
    if result.exit_code != ExitCode.OK:
        raise typer.Exit(result.exit_code)


def _typed(verdict: dict[str, Any]) -> dict[str, Any]:
    """The verdict with parameters as they are typed here, for ``--json``."""
    return verdict | {
        "answer": with_options(verdict["answer"]),
        "sentences": [with_options(sentence) for sentence in verdict["sentences"]],
    }
