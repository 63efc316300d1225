"""``soundgan spectrogram``: sounds to pictures that hold everything to turn them back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from soundgan.cli.console import emit, make_reporter
from soundgan.cli.options import Json, Overwrite, Quiet, within
from soundgan.errors import ExitCode
from soundgan.ranges import SPECTROGRAM
from soundgan.spelling import with_options


def spectrogram(
    audio: Annotated[
        list[Path], typer.Argument(metavar="AUDIO", help="Sound files, and folders of them.")
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
        within(
            SPECTROGRAM["n_fft"], "--n-fft", help="Samples in one window. Default: about 46 ms."
        ),
    ] = None,
    hop: Annotated[
        int | None,
        within(
            SPECTROGRAM["hop"],
            "--hop",
            help="Samples from one column to the next. Default: an eighth of a window.",
        ),
    ] = None,
    mel: Annotated[
        int | None,
        within(
            SPECTROGRAM["mel"],
            "--mel",
            metavar="BANDS",
            help="Draw this many mel bands instead of linear frequency.",
        ),
    ] = None,
    range_db: Annotated[
        float | None,
        within(
            SPECTROGRAM["range_db"],
            "--range-db",
            help="Decibels from the loudest point down to black. Default: 100.",
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
    from soundgan.api.picture_files import spectrogram_files

    result = spectrogram_files(
        audio,
        out,
        colormap=colormap,
        axes=axes,
        like=like,
        n_fft=n_fft,
        hop=hop,
        mel=mel,
        range_db=range_db,
        overwrite=overwrite,
        progress=make_reporter(quiet=quiet),
    )
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
            {"source": str(failure.path), "reason": with_options(failure.reason)}
            for failure in result.failures
        ],
    }
    text = "\n".join(str(drawn.path) for drawn in result.pictures)
    emit(document, text, as_json=as_json)
    if result.exit_code != ExitCode.OK:
        raise typer.Exit(result.exit_code)
