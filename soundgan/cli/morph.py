"""``soundgan morph``: sounds between sounds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from soundgan.cli.console import make_reporter
from soundgan.cli.options import Json, Overwrite, Quiet, within
from soundgan.cli.sounds import (
    AudioFormat,
    Fade,
    ModelOfFiles,
    Normalise,
    Out,
    Png,
    Subtype,
    Trim,
    emit_sounds,
)
from soundgan.ranges import MORPH


def morph(
    sounds: Annotated[
        list[str],
        typer.Argument(
            metavar="ADDRESS|FILE",
            help="Two sounds or more: addresses such as 42:kick, or files made by soundgan.",
        ),
    ],
    count: Annotated[
        int, within(MORPH["count"], "-n", "--count", help="How many sounds, both ends included.")
    ] = 9,
    model: ModelOfFiles = None,
    out: Out = Path("morphed"),
    png: Png = False,
    audio_format: AudioFormat = "wav",
    subtype: Subtype = "PCM_16",
    trim: Trim = False,
    fade: Fade = False,
    normalise: Normalise = False,
    overwrite: Overwrite = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make sounds on the way from one sound to another.

    With three sounds or more the way leads over all of them, in their order.
    Classes are mixed too: halfway from a kick to a snare is as much of both.
    """
    from soundgan.api.addressed import morph as run

    result = run(
        sounds,
        out,
        model=model,
        count=count,
        png=png,
        audio_format=audio_format,
        subtype=subtype,
        trim=trim,
        fade=fade,
        normalise=normalise,
        overwrite=overwrite,
        progress=make_reporter(quiet=quiet),
    )
    emit_sounds("morph", result, as_json=as_json)
