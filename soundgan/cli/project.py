"""``soundgan project``: recordings as sounds of a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from soundgan.cli.console import emit, make_reporter
from soundgan.cli.options import Json, Overwrite, Quiet
from soundgan.cli.sounds import AudioFormat, ModelChoice, Out, Png, Subtype
from soundgan.errors import ExitCode
from soundgan.spelling import with_options

if TYPE_CHECKING:
    from soundgan.pipelines.project.run import ProjectResult


def project(
    recordings: Annotated[
        list[Path], typer.Argument(metavar="AUDIO", help="Sound files, and folders of them.")
    ],
    model: ModelChoice = None,
    out: Out = Path("projected"),
    label: Annotated[
        str | None, typer.Option("--label", help="Class to look in. Default: all.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="DIR",
            help="Folder made by soundgan prepare, with real clips to compare with.",
        ),
    ] = None,
    png: Png = False,
    audio_format: AudioFormat = "wav",
    subtype: Subtype = "PCM_16",
    overwrite: Overwrite = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find the sound of a model that is nearest to a recording.

    It can then be varied and morphed as any other. How near it is stands beside
    the nearest of 600 sounds of the model, and the nearest real clip.
    """
    from soundgan.api.projecting import project as run

    result = run(
        recordings,
        out,
        model=model,
        data=data,
        label=label,
        png=png,
        audio_format=audio_format,
        subtype=subtype,
        overwrite=overwrite,
        progress=make_reporter(quiet=quiet),
    )
    if as_json or result.sounds:
        emit(_document(result), _text(result), as_json=as_json)
    if result.exit_code != ExitCode.OK:
        raise typer.Exit(result.exit_code)


def _text(result: ProjectResult) -> str:
    lines = []
    for one in result.sounds:
        beside = f"nearest of the bank {one.bank_db:.2f} dB"
        if one.real_db is not None:
            beside += f", nearest real clip {one.real_db:.2f} dB"
        lines.append(f"{one.sound.path}: {one.distance_db:.2f} dB away ({beside})")
        lines.append(f"  {one.sound.address}")
    return "\n".join(lines)


def _document(result: ProjectResult) -> dict[str, object]:
    return {
        "schema": 1,
        "command": "project",
        "model": str(result.model),
        "model_sha256": result.model_sha256,
        "sounds": [
            {
                "source": str(one.source),
                "path": str(one.sound.path),
                "address": one.sound.address,
                "label": one.sound.label,
                "distance_db": one.distance_db,
                "bank_db": one.bank_db,
                "real_db": one.real_db,
                "written": one.sound.written,
            }
            for one in result.sounds
        ],
        "failures": [
            {"source": str(f.path), "reason": with_options(f.reason)} for f in result.failures
        ],
    }
