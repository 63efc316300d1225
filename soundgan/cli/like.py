"""``soundgan like``: more of what was kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from soundgan.cli.console import make_reporter
from soundgan.cli.options import Json, Overwrite, Quiet, within
from soundgan.cli.sounds import AudioFormat, ModelOfFiles, Out, Png, Subtype, emit_sounds
from soundgan.ranges import LIKE


def like(
    kept: Annotated[
        list[str],
        typer.Argument(
            metavar="ADDRESS|FILE",
            help="Sounds that you keep: addresses such as 42:kick, or files made by soundgan.",
        ),
    ],
    dropped: Annotated[
        list[str] | None,
        typer.Option(
            "--not",
            metavar="ADDRESS|FILE",
            help="A sound that you drop; may be given more than once.",
        ),
    ] = None,
    count: Annotated[
        int,
        within(LIKE["count"], "-n", "--count", help="How many sounds."),
    ] = 16,
    seed: Annotated[
        int,
        within(LIKE["seed"], "--seed", help="Seed of the first sound; other seeds, other sounds."),
    ] = 0,
    strength: Annotated[
        float,
        within(
            LIKE["strength"],
            "--strength",
            help="0 gives the sounds of the seeds, 1 all of them the same.",
        ),
    ] = 0.6,
    model: ModelOfFiles = None,
    out: Out = Path("alike"),
    png: Png = False,
    audio_format: AudioFormat = "wav",
    subtype: Subtype = "PCM_16",
    overwrite: Overwrite = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make more sounds like some that you keep, and unlike some that you drop.

    New sounds go from their seeds in the direction in which the kept ones differ
    from the dropped ones. Their classes are those of the kept ones, in turn.
    """
    from soundgan.api.addressed import like as run

    result = run(
        kept,
        out,
        dropped=dropped or (),
        model=model,
        count=count,
        seed=seed,
        strength=strength,
        png=png,
        audio_format=audio_format,
        subtype=subtype,
        overwrite=overwrite,
        progress=make_reporter(quiet=quiet),
    )
    emit_sounds("like", result, as_json=as_json)
