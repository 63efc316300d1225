"""``soundgan train``: a GAN from scratch on a prepared folder."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from soundgan.cli.again import command_again
from soundgan.cli.console import emit, make_reporter
from soundgan.cli.options import DataFolder, Device, Json, Overrides, Quiet, within
from soundgan.ranges import TRAIN
from soundgan.spelling import with_options

if TYPE_CHECKING:
    from soundgan.pipelines.train_request import TrainResult
    from soundgan.training.quality import Quality


def train(
    ctx: typer.Context,
    config: Annotated[
        str | None,
        typer.Option(
            "--config",
            "-c",
            metavar="FILE|PRESET",
            help="A TOML file or a preset. Default: the run's own, else fast, the best measured.",
        ),
    ] = None,
    data: DataFolder = None,
    run: Annotated[
        Path | None,
        typer.Option(
            "--run", metavar="DIR", help="Run folder. Default: runs/ and the name of the preset."
        ),
    ] = None,
    start_from: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="RUN|FILE|NAME",
            help="Begin with the weights of a run, a model file or a bundled model, and with its "
            "config unless --config names one.",
        ),
    ] = None,
    overrides: Overrides = None,
    seed: Annotated[
        int | None,
        within(TRAIN["seed"], "--seed", help="Random seed; short for --set training.seed=N."),
    ] = None,
    device: Device = "auto",
    max_minutes: Annotated[
        float | None,
        within(
            TRAIN["max_minutes"],
            "--max-minutes",
            help="Time for everything; a new run gets as many steps as fit into it.",
        ),
    ] = None,
    max_steps: Annotated[
        int | None,
        within(
            TRAIN["max_steps"], "--max-steps", help="Stop at this step; the run can go on later."
        ),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start over; the old run is set aside.")
    ] = False,
    remedies: Annotated[
        bool,
        typer.Option(
            "--remedies/--no-remedies",
            help="Act when training goes wrong: slow the discriminator, augment more, go back to "
            "a good checkpoint. With --no-remedies it is only said.",
        ),
    ] = True,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Say what would be trained, in what time and memory; write nothing."
        ),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose", "-v", help="Show losses, gradients and logits with the progress."
        ),
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Train a GAN on a prepared folder; the same command again resumes.

    Ctrl-C saves after the current step. The product is RUN/model.safetensors.
    """
    from soundgan.api.training import plan_training
    from soundgan.api.training import train as start
    from soundgan.runtime.memory import keep_freed_memory
    from soundgan.runtime.signals import SignalStop

    reporter = make_reporter(quiet=quiet)
    if dry_run:
        plan = plan_training(
            data, config=config, run=run, start_from=start_from, overrides=overrides, seed=seed,
            device=device, max_minutes=max_minutes, fresh=fresh, progress=reporter,
        )  # fmt: skip
        document = {"command": "train --dry-run"} | plan.document()
        if plan.advice is not None:
            document["advice"] = with_options(plan.advice)
        emit(document, with_options(plan.text()), as_json=as_json)
        return
    keep_freed_memory()
    stop = SignalStop(lambda: reporter.say("stopping after this step; once more to quit"))
    result = start(
        data, config=config, run=run, start_from=start_from, overrides=overrides, seed=seed,
        device=device, max_minutes=max_minutes, max_steps=max_steps, fresh=fresh,
        remedies=remedies, verbose=verbose, stop=stop, progress=reporter,
    )  # fmt: skip
    left_out = ("fresh", "max_steps")
    again = command_again(ctx, without=left_out)
    longer = f"training.steps={4 * result.steps}"
    more = command_again(ctx, without=left_out, setting=longer)
    document = {
        "schema": 1,
        "command": "train",
        "run": str(result.run),
        "model": str(result.model),
        "step": result.step,
        "steps": result.steps,
        "images_per_second": round(result.images_per_second, 2),
        "metrics": result.metrics,
        "health": {"healthy": result.health.healthy, "verdict": result.health.sentence},
        "quality": None if result.quality is None else _quality(result.quality),
        "outlook": list(result.outlook),
        "again": again,
    }
    emit(document, _text(result, again, more), as_json=as_json)
    if result.exit_code:
        raise typer.Exit(result.exit_code)


def _text(result: TrainResult, again: str, more: str) -> str:
    """What was done, how good it is, and what to do now.

    Args:
        result: What was done.
        again: The command that goes on.
        more: The command that goes on beyond the last step.
    """
    share = 100 * result.step / result.steps
    done = "done" if result.step == result.steps else f"{min(share, 99.9):.{share < 10:d}f} % done"
    lines = [f"{result.model}: {result.step} of {result.steps} steps, {done}"]
    if result.quality_told is not None:
        lines.append(f"quality: {result.quality_told}")
    lines.append(f"health: {result.health.sentence}")
    if result.outlook:
        lines.append("to come: " + "\n         ".join(result.outlook))
        lines.append(f"go on: {again}")
    generate = f"soundgan generate --model {shlex.quote(str(result.run))} -n 10 --seed 42"
    if result.quality is None or result.quality.audible:
        lines.append(f"{'listen' if result.outlook else 'next'}: {generate}")
    elif not result.outlook:
        lines.append(f"next: more steps: {more}")
    return "\n".join(lines)


def _quality(quality: Quality) -> dict[str, Any]:
    """For ``--json``."""
    return {
        "word": quality.word,
        "kernel_distance": quality.distance,
        "reach": quality.scale.reach,
        "of_recordings": quality.scale.recordings,
        "of_noise": quality.scale.noise,
    }
