"""``soundgan vary``: sounds near one that is liked."""

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
from soundgan.ranges import VARY


def vary(
    sounds: Annotated[
        list[str],
        typer.Argument(
            metavar="ADDRESS|FILE...",
            help="Sounds to vary: addresses such as 42:kick, or files made by soundgan.",
        ),
    ],
    count: Annotated[
        int, within(VARY["count"], "-n", "--count", help="How many of each sound.")
    ] = 8,
    strength: Annotated[
        float,
        within(
            VARY["strength"],
            "--strength",
            help="How far away: 0 is the sound itself, 1 another one of the model.",
        ),
    ] = 0.3,
    takes: Annotated[
        bool,
        typer.Option(
            "--takes",
            help="Other takes instead: the same sound, with another grain. For some models only.",
        ),
    ] = False,
    first: Annotated[
        int, within(VARY["first"], "--first", help="Number of the first variation or take.")
    ] = 1,
    model: ModelOfFiles = None,
    out: Out = Path("varied"),
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
    """Make variations of a sound, or other takes of it.

    Variation 5 of a sound at strength 0.3 is always the same file. Its address,
    as in 42:kick~vary5@0.3, can itself be varied, morphed and recalled.
    """
    from soundgan.api.addressed import vary as run

    result = run(
        sounds,
        out,
        model=model,
        count=count,
        strength=strength,
        takes=takes,
        first=first,
        png=png,
        audio_format=audio_format,
        subtype=subtype,
        trim=trim,
        fade=fade,
        normalise=normalise,
        overwrite=overwrite,
        progress=make_reporter(quiet=quiet),
    )
    emit_sounds("vary", result, as_json=as_json)
