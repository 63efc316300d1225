"""``soundgan kit``: sounds of a model as a drum kit for samplers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from soundgan.cli.console import emit, make_reporter
from soundgan.cli.options import Json, Overwrite, Quiet, within
from soundgan.cli.sounds import ModelOfFiles
from soundgan.ranges import KIT


def kit(
    sounds: Annotated[
        list[str],
        typer.Argument(
            metavar="ADDRESS|FILE|FOLDER",
            help="Addresses, sounds made by soundgan, folders of them, "
            "or JSON files that list addresses.",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the kit.")
    ] = Path("kit"),
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="LIST",
            help="What to write beside the sounds, with commas between: "
            "sfz, decent, multisample, wav for the sounds alone. op-xy and mpc are experiments.",
        ),
    ] = "sfz,decent,multisample,wav",
    name: Annotated[
        str | None,
        typer.Option("--name", help="Name of the kit. Default: that of the folder."),
    ] = None,
    takes: Annotated[
        int,
        within(
            KIT["takes"],
            "--takes",
            help="Further takes of each sound, which samplers play in turn.",
        ),
    ] = 0,
    layers: Annotated[
        int,
        within(
            KIT["layers"],
            "--layers",
            help="Layers of velocity: soft hits are duller, where that can be relied on.",
        ),
    ] = 1,
    level: Annotated[
        Literal["peak", "loudness", "as-made"],
        typer.Option(
            "--level",
            help="peak brings every peak to -1 dBFS, loudness makes all equally loud.",
        ),
    ] = "peak",
    model: ModelOfFiles = None,
    overwrite: Overwrite = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make a drum kit for samplers: SFZ, Decent Sampler, Bitwig and Studio One.

    Sounds are 24-bit WAVs, cut, levelled, and on the keys of General MIDI where
    their classes have one. kit.json lists the address of each, and makes the kit
    again: soundgan kit kit/kit.json.
    """
    from soundgan.api.kits import kit as run

    result = run(
        sounds,
        out,
        model=model,
        name=name,
        formats=[form.strip() for form in formats.split(",")],
        takes=takes,
        layers=layers,
        level=level,
        overwrite=overwrite,
        progress=make_reporter(quiet=quiet),
    )
    document = {
        "schema": 1,
        "command": "kit",
        "model": str(result.model),
        "model_sha256": result.model_sha256,
        "sounds": [
            {
                "name": s.name,
                "note": s.note,
                "velocity": list(s.velocity),
                "path": str(s.path),
                "address": s.address,
            }
            for s in result.sounds
        ],
        "files": list(map(str, result.files)),
    }
    emit(document, "\n".join(map(str, result.files)), as_json=as_json)
