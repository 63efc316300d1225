"""What the commands that write sounds of a model have in common: options, and the result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from soundgan.cli.console import emit, emit_lines

if TYPE_CHECKING:
    from soundgan.pipelines.generate import GenerateResult

ModelChoice = Annotated[
    Path | None,
    typer.Option(
        "--model",
        metavar="RUN|FILE|NAME",
        help="A run, a model file, or the name of a bundled model. "
        "Default: the newest run in runs/, or without runs a bundled model.",
    ),
]
ModelOfFiles = Annotated[
    Path | None,
    typer.Option(
        "--model",
        metavar="RUN|FILE|NAME",
        help="A run, a model file, or the name of a bundled model. "
        "Default: the one that made the files, else the newest run or a bundled model.",
    ),
]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the sounds.")]
Png = Annotated[bool, typer.Option("--png", help="Also write a spectrogram picture of each sound.")]
AudioFormat = Annotated[
    Literal["wav", "flac"], typer.Option("--format", help="Format of the files.")
]
Subtype = Annotated[
    Literal["PCM_16", "PCM_24", "FLOAT"],
    typer.Option("--subtype", help="Format of the samples: 16 or 24 bit, or 32-bit float."),
]
Trim = Annotated[
    bool,
    typer.Option("--trim", help="Cut the silence behind each sound, 60 dB below its peak."),
]
Fade = Annotated[bool, typer.Option("--fade", help="Let the last 10 ms of each sound fade out.")]
Normalise = Annotated[bool, typer.Option("--normalise", help="Bring each sound's peak to -1 dBFS.")]


def emit_sounds(command: str, result: GenerateResult, *, as_json: bool) -> None:
    """Paths of the files, one a line, or all that is known of them as JSON."""
    if not as_json:
        emit_lines(str(sound.path) for sound in result.sounds)
        emit_lines([str(result.chain)] if result.chain else [])
        return
    document: dict[str, Any] = {
        "schema": 1,
        "command": command,
        "model": str(result.model),
        "model_sha256": result.model_sha256,
        "sample_rate": result.sample_rate,
        "seconds": result.seconds,
        "sounds": [
            {
                "path": str(s.path),
                "address": s.address,
                "seed": s.seed,
                "label": s.label,
                "n_samples": s.n_samples,
                "written": s.written,
            }
            for s in result.sounds
        ],
    }
    if finished := result.finish.numbers():
        document["finish"] = finished
    if result.chain:
        document["chain"] = str(result.chain)
    emit(document, "", as_json=True)
