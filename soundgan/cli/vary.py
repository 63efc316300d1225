"""``soundgan vary``: sounds near one that is liked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

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
from soundgan.ranges import MORE, VARY


def _more(name: str, help: str) -> Any:
    return within(MORE[name], f"--{name}", help=help, rich_help_panel="Directions")


def vary(
    sounds: Annotated[
        list[str],
        typer.Argument(
            metavar="ADDRESS|FILE",
            help="Sounds to vary: addresses such as 42:kick, or files made by soundgan.",
        ),
    ],
    count: Annotated[
        int | None,
        within(
            VARY["count"],
            "-n",
            "--count",
            help="How many of each sound. Default: 8, or with a direction the moved sound alone.",
        ),
    ] = None,
    strength: Annotated[
        float,
        within(
            VARY["strength"],
            "--strength",
            help="How far away: 0 is the sound itself, 1 another one of the model.",
        ),
    ] = 0.3,
    brighter: Annotated[
        float | None, _more("brighter", "The centre of its spectrum higher; below 0 the opposite.")
    ] = None,
    sharper: Annotated[
        float | None,
        _more("sharper", "More energy in its first 30 ms; below 0 the opposite."),
    ] = None,
    longer: Annotated[
        float | None, _more("longer", "Longer until it has faded; below 0 the opposite.")
    ] = None,
    boomier: Annotated[
        float | None, _more("boomier", "More energy below 150 Hz; below 0 the opposite.")
    ] = None,
    airier: Annotated[
        float | None, _more("airier", "More energy above 5 kHz; below 0 the opposite.")
    ] = None,
    noisier: Annotated[
        float | None, _more("noisier", "A flatter spectrum, less of a tone; below 0 the opposite.")
    ] = None,
    higher: Annotated[
        float | None, _more("higher", "Its strongest frequency higher; below 0 the opposite.")
    ] = None,
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

    Directions such as --brighter 1 move the sound before that. They are measured
    for each model and class, and only those that can be relied on are taken.
    """
    from soundgan.api.addressed import vary as run

    amounts = {
        "brighter": brighter,
        "sharper": sharper,
        "longer": longer,
        "boomier": boomier,
        "airier": airier,
        "noisier": noisier,
        "higher": higher,
    }
    result = run(
        sounds,
        out,
        model=model,
        count=count,
        strength=strength,
        more={name: amount for name, amount in amounts.items() if amount is not None},
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
