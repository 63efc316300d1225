"""``soundgan spectrogram``: sounds to pictures that hold everything to turn them back."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from soundgan.cli.console import emit, make_reporter
from soundgan.cli.options import Json, Overwrite, Quiet
from soundgan.errors import ExitCode


def spectrogram(
    audio: Annotated[
        list[Path], typer.Argument(metavar="AUDIO...", help="Sound files, and folders of them.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the pictures.")
    ] = Path("spectrograms"),
    colormap: Annotated[
        str,
        typer.Option(
            "--colormap",
            metavar="NAME",
            help="Colours in 8 bit: magma, viridis, ... Default: exact grey in 16 bit.",
        ),
    ] = "",
    axes: Annotated[
        bool, typer.Option("--axes", help="Draw a plot with axes for time, frequency and level.")
    ] = False,
    like: Annotated[
        Path | None,
        typer.Option(
            "--like",
            metavar="RUN|FILE|NAME",
            help="Draw images as this model sees them, of its length.",
        ),
    ] = None,
    n_fft: Annotated[
        int | None,
        typer.Option(
            "--n-fft", min=8, max=1 << 16, help="Samples in one window. Default: about 46 ms."
        ),
    ] = None,
    hop: Annotated[
        int | None,
        typer.Option(
            "--hop",
            min=1,
            max=1 << 15,
            help="Samples from one column to the next. Default: an eighth of a window.",
        ),
    ] = None,
    mel: Annotated[
        int | None,
        typer.Option(
            "--mel",
            metavar="BANDS",
            min=1,
            max=4096,
            help="Draw this many mel bands instead of linear frequency.",
        ),
    ] = None,
    range_db: Annotated[
        float | None,
        typer.Option(
            "--range-db", help="Decibels from the loudest point down to black. Default: 100."
        ),
    ] = None,
    overwrite: Overwrite = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Draw sounds as spectrograms.

    soundgan invert turns the pictures back into sounds.

    Example: soundgan spectrogram kick.wav

    For a paper: soundgan spectrogram kick.wav --axes
    """
    if range_db is not None and not (math.isfinite(range_db) and 20.0 <= range_db <= 160.0):
        raise typer.BadParameter("must be from 20 to 160", param_hint="--range-db")
    if n_fft is not None and n_fft % 2:
        raise typer.BadParameter("must be even", param_hint="--n-fft")
    path = _model(like, {"--n-fft": n_fft, "--hop": hop, "--mel": mel, "--range-db": range_db})
    from soundgan.pipelines.spectrogram.draw import Analysis
    from soundgan.pipelines.spectrogram.run import SpectrogramRequest, draw_spectrograms

    request = SpectrogramRequest(
        paths=tuple(audio),
        out=out,
        analysis=Analysis(n_fft or 0, hop or 0, mel or 0, range_db or Analysis.range_db),
        colormap=colormap,
        axes=axes,
        like=path,
        overwrite=overwrite,
    )
    result = draw_spectrograms(request, make_reporter(quiet=quiet))
    document = {
        "schema": 1,
        "command": "spectrogram",
        "pictures": [
            {
                "source": str(drawn.source),
                "path": str(drawn.path),
                "sample_rate": drawn.sample_rate,
                "n_samples": drawn.n_samples,
                "height": drawn.height,
                "width": drawn.width,
                "written": drawn.written,
            }
            for drawn in result.pictures
        ],
        "failures": [
            {"source": str(failure.path), "reason": failure.reason} for failure in result.failures
        ],
    }
    text = "\n".join(str(drawn.path) for drawn in result.pictures)
    emit(document, text, as_json=as_json)
    if result.exit_code != ExitCode.OK:
        raise typer.Exit(result.exit_code)


def _model(like: Path | None, analysis: dict[str, int | float | None]) -> Path | None:
    """The model file whose images to make."""
    if like is None:
        return None
    for name, value in analysis.items():
        if value is not None:
            raise typer.BadParameter(
                "the model of --like decides this; leave it out", param_hint=name
            )
    from soundgan.pipelines.find_model import find_model

    return find_model(like, Path("runs"))
