"""``soundgan invert``: spectrogram pictures to sounds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from soundgan.cli.asking import ask
from soundgan.cli.console import emit, make_reporter
from soundgan.cli.options import Json, Overwrite, Quiet, within
from soundgan.errors import ExitCode
from soundgan.ranges import INVERT
from soundgan.spelling import with_options

if TYPE_CHECKING:
    from soundgan.pipelines.invert.run import InvertResult

FOREIGN = "For pictures that hold no parameters"


def invert(
    pictures: Annotated[
        list[Path], typer.Argument(metavar="PICTURE", help="Pictures, and folders of them.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the sounds.")
    ] = Path("inverted"),
    method: Annotated[
        str | None,
        typer.Option(
            "--method",
            metavar="NAME",
            help="Method of phase reconstruction. Default: auto. "
            "Others: pghi_griffin_lim, griffin_lim, pghi, admm.",
        ),
    ] = None,
    iterations: Annotated[
        int | None,
        within(
            INVERT["iterations"],
            "--iterations",
            help="Rounds of the method; more come nearer and take longer.",
        ),
    ] = None,
    seed: Annotated[
        int | None, within(INVERT["seed"], "--seed", help="Seed of a random start phase.")
    ] = None,
    png: Annotated[
        bool, typer.Option("--png", help="Also write a spectrogram picture of each sound.")
    ] = False,
    seconds: Annotated[
        float | None,
        within(
            INVERT["seconds"],
            "--seconds",
            help="Duration of the sound. Default: as printed, else a second for 100 columns.",
            rich_help_panel=FOREIGN,
        ),
    ] = None,
    sample_rate: Annotated[
        int | None,
        within(
            INVERT["sample_rate"],
            "--sample-rate",
            help="Samples per second of the sound. Default: 22050.",
            rich_help_panel=FOREIGN,
        ),
    ] = None,
    axis: Annotated[
        Literal["linear", "log", "mel", "mel_htk", "librosa_log", "librosa_mel"] | None,
        typer.Option(
            "--axis",
            help="Scale of the frequency axis. Default: as printed, else linear.",
            rich_help_panel=FOREIGN,
        ),
    ] = None,
    f_min: Annotated[
        float | None,
        within(
            INVERT["f_min"],
            "--f-min",
            help="Frequency at the lower edge, Hz. Default: as printed, else 0; 20 on a log axis.",
            rich_help_panel=FOREIGN,
        ),
    ] = None,
    f_max: Annotated[
        float | None,
        within(
            INVERT["f_max"],
            "--f-max",
            help="Frequency at the upper edge, Hz. Default: as printed, else half the sample rate.",
            rich_help_panel=FOREIGN,
        ),
    ] = None,
    range_db: Annotated[
        float | None,
        within(
            INVERT["range_db"],
            "--range-db",
            help="Decibels from the quietest to the loudest. Default: as printed, else as usual "
            "with the program that drew it, else 80.",
            rich_help_panel=FOREIGN,
        ),
    ] = None,
    colormap: Annotated[
        str,
        typer.Option(
            "--colormap",
            metavar="NAME",
            help="Colour map of the picture: magma, magma_r, ..., or bar, that of its colour bar. "
            "Default: recognised.",
            rich_help_panel=FOREIGN,
        ),
    ] = "auto",
    crop: Annotated[
        str,
        typer.Option(
            "--crop",
            metavar="BOX",
            rich_help_panel=FOREIGN,
            help="Where the plot is: auto finds it, none takes the whole picture, "
            "or LEFT,TOP,RIGHT,BOTTOM in pixels.",
        ),
    ] = "auto",
    panel: Annotated[
        int | None,
        within(
            INVERT["panel"],
            "--panel",
            help="Which plot of a figure, from above and then from the left. Default: the largest.",
            rich_help_panel=FOREIGN,
        ),
    ] = None,
    drawn_by: Annotated[
        Literal["sox", "ffmpeg", "spek", "audacity", "praat", "librosa", "matlab"] | None,
        typer.Option(
            "--from",
            help="Program that drew the picture. Default: recognised, where that is sure.",
            rich_help_panel=FOREIGN,
        ),
    ] = None,
    panels: Annotated[
        Literal["one", "all", "stereo"],
        typer.Option(
            "--panels",
            help="Read one plot of a figure, or all: NAME-1.wav, NAME-2.wav, ...; or two, as the "
            "left and right of a stereo sound.",
            rich_help_panel=FOREIGN,
        ),
    ] = "one",
    show: Annotated[
        bool,
        typer.Option(
            "--show",
            help="Also write a picture of what was understood: plot, overlays, readings.",
            rich_help_panel=FOREIGN,
        ),
    ] = False,
    n_fft: Annotated[
        int | None,
        within(
            INVERT["n_fft"],
            "--n-fft",
            help="Samples in one window. Default: about 46 ms.",
            rich_help_panel=FOREIGN,
        ),
    ] = None,
    levels: Annotated[
        str | None,
        typer.Option(
            "--levels",
            metavar="KIND",
            help="What brightness stands for: db, amplitude, power, or power:0.25 for the fourth "
            "root of amplitude. Default: db.",
            rich_help_panel=FOREIGN,
        ),
    ] = None,
    time: Annotated[
        Literal["right", "left", "up", "down"] | None,
        typer.Option(
            "--time",
            help="Where time runs. Default: as printed, else right.",
            rich_help_panel=FOREIGN,
        ),
    ] = None,
    flip: Annotated[
        bool,
        typer.Option(
            "--flip",
            help="Low frequencies are on top, or at the right.",
            rich_help_panel=FOREIGN,
        ),
    ] = False,
    overlays: Annotated[
        Literal["fill", "keep"],
        typer.Option(
            "--overlays",
            help="Fill legends, text and lines over the plot from what is around them, or keep.",
            rich_help_panel=FOREIGN,
        ),
    ] = "fill",
    interactive: Annotated[
        bool,
        typer.Option(
            "--interactive",
            help="Ask on the terminal for what one picture does not say.",
            rich_help_panel=FOREIGN,
        ),
    ] = False,
    overwrite: Overwrite = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Turn spectrogram pictures into sounds.

    Pictures made by soundgan hold all their parameters. In other pictures, the
    numbers beside the plot are read, and what is not printed is assumed. All of
    it is printed with the option that changes it.
    """
    from soundgan.api.picture_files import invert_files

    stated: dict[str, Any] = {
        "seconds": seconds,
        "sample_rate": sample_rate,
        "axis": axis,
        "f_min": f_min,
        "f_max": f_max,
        "range_db": range_db,
        "colormap": colormap,
        "crop": crop,
        "n_fft": n_fft,
        "levels": levels,
        "time": time,
        "flip": flip,
        "overlays": overlays,
        "panel": panel,
        "drawn_by": drawn_by,
    }
    if interactive:
        stated |= ask(pictures, stated)
    result = invert_files(
        pictures,
        out,
        method=method,
        iterations=iterations,
        seed=seed,
        png=png,
        **stated,
        panels=panels,
        show=show,
        overwrite=overwrite,
        progress=make_reporter(quiet=quiet),
    )
    text = "\n".join(str(sound.path) for sound in result.sounds)
    emit(_document(result), text, as_json=as_json)
    if result.exit_code != ExitCode.OK:
        raise typer.Exit(result.exit_code)


def _document(result: InvertResult) -> dict[str, Any]:
    return {
        "schema": 1,
        "command": "invert",
        "sounds": [
            {
                "source": str(sound.source),
                "path": str(sound.path),
                "png": None if sound.png is None else str(sound.png),
                "shown": None if sound.shown is None else str(sound.shown),
                "panel": sound.panel,
                "sample_rate": sound.sample_rate,
                "n_samples": sound.n_samples,
                "own_picture": sound.own,
                "ignored": [with_options(f"`{name}`") for name in sound.ignored],
                "method": sound.method,
                "assumed": [
                    {
                        "name": item.name,
                        "value": item.value,
                        "option": with_options(f"`{item.parameter}`"),
                        "why": with_options(item.why),
                        "read": item.read,
                    }
                    for item in sound.assumptions
                ],
                "written": sound.written,
            }
            for sound in result.sounds
        ],
        "failures": [
            {"source": str(failure.path), "reason": with_options(failure.reason)}
            for failure in result.failures
        ],
    }
