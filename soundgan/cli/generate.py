"""``soundgan generate``: new sounds from a trained model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from soundgan.cli.console import make_reporter
from soundgan.cli.options import Device, FirstSeed, Json, Overwrite, Quiet, Truncation, within
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
from soundgan.ranges import GENERATE


def generate(
    addresses: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ADDRESS|FILE",
            help="Addresses such as 42:kick~take2, or sounds made here. Default: sounds by seed.",
        ),
    ] = None,
    count: Annotated[int, within(GENERATE["count"], "-n", "--count", help="How many sounds.")] = 10,
    seed: FirstSeed = 0,
    part: Annotated[
        str | None,
        typer.Option(
            "--part", metavar="K/N", help="Only this part of the sounds: 3/16 for job 3 of 16."
        ),
    ] = None,
    model: ModelOfFiles = None,
    out: Out = Path("generated"),
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
    truncation: Truncation = 1.0,
    png: Png = False,
    audio_format: AudioFormat = "wav",
    subtype: Subtype = "PCM_16",
    trim: Trim = False,
    fade: Fade = False,
    normalise: Normalise = False,
    chain: Annotated[
        bool,
        typer.Option(
            "--chain",
            help="Also write all sounds into one file, chain.wav, with a cue point at each.",
        ),
    ] = False,
    batch_size: Annotated[
        int,
        within(
            GENERATE["batch_size"],
            "--batch-size",
            help="Sounds computed at a time; more need more memory.",
        ),
    ] = 48,
    device: Device = "auto",
    runtime: Annotated[
        str,
        typer.Option(
            "--runtime", metavar="NAME", help="What draws the images on a CPU: torch, or onnx."
        ),
    ] = "torch",
    overwrite: Overwrite = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make new sounds with a trained model, one file for each seed or address.

    Files are named by class and seed. The sound of a seed is always the same:
    soundgan generate -n 1 --seed 45 makes the fourth sound of
    soundgan generate -n 10 --seed 42. An address names any sound there is.
    """
    from soundgan.pipelines.find_model import RUNS, bundled_folder, find_model

    path = model if addresses else find_model(model, RUNS, fall_back=True)
    reporter = make_reporter(quiet=quiet)
    if model is None and path is not None and path.parent == bundled_folder():
        reporter.say(f"no run in runs/, so this is the bundled model {path.stem}")
        reporter.say("for a model of your own sounds: soundgan prepare FOLDER, then soundgan train")
    from soundgan.api.generating import generate as run
    from soundgan.runtime.memory import keep_freed_memory

    keep_freed_memory()

    result = run(
        path,
        out,
        addresses=addresses,
        count=count,
        seed=seed,
        part=part,
        label=label,
        no_label=no_label,
        truncation=truncation,
        png=png,
        audio_format=audio_format,
        subtype=subtype,
        trim=trim,
        fade=fade,
        normalise=normalise,
        chain=chain,
        batch_size=batch_size,
        device=device,
        runtime=runtime,
        overwrite=overwrite,
        progress=reporter,
    )
    emit_sounds("generate", result, as_json=as_json)
