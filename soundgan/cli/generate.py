"""``soundgan generate``: new sounds from a trained model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from soundgan.cli.console import emit, emit_lines, make_reporter
from soundgan.cli.options import Device, Json, Overwrite, Quiet
from soundgan.ranges import GENERATE


def generate(
    count: Annotated[
        int,
        typer.Option(
            "-n",
            "--count",
            min=GENERATE["count"].low,
            max=GENERATE["count"].high,
            help="How many sounds.",
        ),
    ] = 10,
    seed: Annotated[
        int,
        typer.Option(
            "--seed",
            min=GENERATE["seed"].low,
            help="Seed of the first sound; each next sound has the next seed.",
        ),
    ] = 0,
    model: Annotated[
        Path | None,
        typer.Option(
            "--model",
            metavar="RUN|FILE|NAME",
            help="A run, a model file, or the name of a bundled model. "
            "Default: the newest run in runs/, or without runs a bundled model.",
        ),
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the sounds.")] = Path(
        "generated"
    ),
    label: Annotated[
        str | None,
        typer.Option("--label", help="Class of all sounds. Default: drawn from each seed."),
    ] = None,
    no_label: Annotated[
        bool,
        typer.Option(
            "--no-label",
            help="Make sounds of no given class; for models trained with data.label_dropout.",
        ),
    ] = False,
    truncation: Annotated[
        float,
        typer.Option(
            "--truncation",
            min=GENERATE["truncation"].low,
            max=GENERATE["truncation"].high,
            help="Below 1 sounds are more typical and less varied.",
        ),
    ] = 1.0,
    png: Annotated[
        bool, typer.Option("--png", help="Also write a spectrogram picture of each sound.")
    ] = False,
    audio_format: Annotated[
        Literal["wav", "flac"], typer.Option("--format", help="Format of the files.")
    ] = "wav",
    subtype: Annotated[
        Literal["PCM_16", "PCM_24", "FLOAT"],
        typer.Option("--subtype", help="Format of the samples: 16 or 24 bit, or 32-bit float."),
    ] = "PCM_16",
    trim: Annotated[
        bool,
        typer.Option("--trim", help="Cut the silence behind each sound, 60 dB below its peak."),
    ] = False,
    fade: Annotated[
        bool, typer.Option("--fade", help="Let the last 10 ms of each sound fade out.")
    ] = False,
    normalise: Annotated[
        bool, typer.Option("--normalise", help="Bring each sound's peak to -1 dBFS.")
    ] = False,
    batch_size: Annotated[
        int,
        typer.Option(
            "--batch-size",
            min=GENERATE["batch_size"].low,
            max=GENERATE["batch_size"].high,
            help="Sounds computed at a time; more need more memory.",
        ),
    ] = 48,
    device: Device = "auto",
    overwrite: Overwrite = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make new sounds with a trained model, one file for each seed.

    Files are named by class and seed. The sound of a seed is always the same:
    soundgan generate -n 1 --seed 45 makes the fourth sound of
    soundgan generate -n 10 --seed 42.
    """
    from soundgan.pipelines.find_model import RUNS, bundled_folder, find_model

    path = find_model(model, RUNS, fall_back=True)
    reporter = make_reporter(quiet=quiet)
    if model is None and path.parent == bundled_folder():
        reporter.say(f"no run in runs/, so this is the bundled model {path.stem}")
        reporter.say("for a model of your own sounds: soundgan prepare FOLDER, then soundgan train")
    from soundgan.api.generating import generate as run
    from soundgan.runtime.memory import keep_freed_memory

    keep_freed_memory()

    result = run(
        path,
        out,
        count=count,
        seed=seed,
        label=label,
        no_label=no_label,
        truncation=truncation,
        png=png,
        audio_format=audio_format,
        subtype=subtype,
        trim=trim,
        fade=fade,
        normalise=normalise,
        batch_size=batch_size,
        device=device,
        overwrite=overwrite,
        progress=reporter,
    )
    if not as_json:
        emit_lines(str(sound.path) for sound in result.sounds)
        return
    document = {
        "schema": 1,
        "command": "generate",
        "model": str(result.model),
        "model_sha256": result.model_sha256,
        "sample_rate": result.sample_rate,
        "seconds": result.seconds,
        "sounds": [
            {
                "path": str(s.path),
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
    emit(document, "", as_json=True)
