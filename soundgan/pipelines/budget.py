"""How long a new run is made, so that its schedules end within the minutes it is given."""

from __future__ import annotations

import copy
import math
import time

import torch

from soundgan.config.load import load_config
from soundgan.config.schema import TrainingConfig
from soundgan.inference.calibration import ROUNDS
from soundgan.pipelines.bench.units import duration
from soundgan.pipelines.task import Task
from soundgan.pipelines.train_request import TrainRequest
from soundgan.reporting import Reporter
from soundgan.training.encoded import spread_out
from soundgan.training.estimate import timed_step
from soundgan.training.state import new_state
from soundgan.words import counted

SHARE_FOR_STEPS = 0.85
"""Of the time that is left for steps; previews, evaluations and busy neighbours take some."""

STEPS = "training.steps"

MOST_STEPS = 1_000_000_000
"""Of any run."""

_SOUNDS = 16
"""Copied to see how long calibrating takes."""


def fitted_to_budget(
    task: Task, request: TrainRequest, device: torch.device, reporter: Reporter
) -> Task:
    """The task with as many steps as its minutes allow.

    A run that exists keeps the end that it was given, so that going on with it is exact. Nothing
    changes without a budget, or where an override says how many steps are wanted.
    """
    minutes = minutes_of(task.config.training, request.max_minutes)
    if minutes is None or STEPS in request.loaded.overridden:
        return task
    recorded = request.run / "config.toml"
    if recorded.is_file():
        return task.with_steps(load_config(str(recorded)).config.training.steps)
    each = timed_step(new_state(task.assembly, device=device))
    last = calibration_seconds(task)
    left = request.began + 60 * minutes - time.monotonic()
    steps = steps_within(task, seconds_for_steps(left, last), each)
    if steps != task.config.training.steps:
        time_given = "1 minute is" if minutes == 1 else f"{minutes:g} minutes are"
        reporter.say(
            f"{time_given} {counted(steps, 'step')} of {duration(each)} here, instead of the "
            f"{task.config.training.steps:,} in {task.place}; learning rates fall to this new end"
        )
    return task.with_steps(steps)


def minutes_of(training: TrainingConfig, max_minutes: float | None) -> float | None:
    """Minutes that a new run is made for: a limit, its config's length, or the less of both."""
    return min(filter(None, (max_minutes, training.minutes)), default=None)


def seconds_for_steps(left: float, calibration: float) -> float:
    """What calibrating leaves of the time; all of it where that would take more than a third.

    Levels can be calibrated by a later call, but steps that were not asked for never come.
    """
    return left - calibration if 3 * calibration <= left else left


def steps_within(task: Task, seconds: float, each: float) -> int:
    """How many steps end within ``seconds``, at least one, where each takes so many of them.

    Never more than the config asks for, unless it states minutes instead.
    """
    training = task.config.training
    most = MOST_STEPS if training.minutes else training.steps
    return max(1, min(most, math.floor(SHARE_FOR_STEPS * seconds / each)))


@torch.no_grad()
def calibration_seconds(task: Task) -> float:
    """How long the levels of a run's sounds will take, from copies of a few clips."""
    count = task.config.training.calibrate_sounds
    if count == 0:
        return 0.0
    dataset = task.dataset
    rows = spread_out(dataset.train_indices, _SOUNDS)
    waveforms = torch.from_numpy(dataset.for_models.waveforms(rows))
    codec = copy.deepcopy(task.assembly.codec)
    codec.fit([waveforms])
    images = codec.encode(waveforms)
    began = time.monotonic()
    codec.encode(codec.waveforms(images, range(len(rows))))
    return ROUNDS * count * (time.monotonic() - began) / len(rows)
