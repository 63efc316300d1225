"""Train a model on a prepared dataset: start or resume, run, leave a model."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

import numpy as np
import torch

from soundgan.config.dump import differences, to_toml
from soundgan.config.load import load_config
from soundgan.errors import MemoryShortageError, UsageError
from soundgan.inference.placement import device_to_train_on
from soundgan.pipelines.budget import fitted_to_budget
from soundgan.pipelines.documents import (
    CONFIG,
    MAY_CHANGE,
    RUN_KIND,
    RUN_RECORD,
    RUN_SCHEMA,
    read_run_record,
)
from soundgan.pipelines.origin import START, demand_fit, demand_same_start, recorded_start
from soundgan.pipelines.remembered import PLACE, place_of
from soundgan.pipelines.session import SAMPLES, Session
from soundgan.pipelines.task import Task, open_task
from soundgan.pipelines.train_request import TrainRequest, TrainResult
from soundgan.reporting import Reporter
from soundgan.runtime import memory
from soundgan.runtime.files import (
    make_folder,
    move,
    sha256,
    sweep_temporaries,
    write_bytes,
    write_json,
)
from soundgan.runtime.locks import LOCK_FILES, lock
from soundgan.training.footprint import fitting_batch, refuse_too_large
from soundgan.version import VERSION


def train(request: TrainRequest, reporter: Reporter) -> TrainResult:
    """Train until the config's steps, a limit, or a signal; resume when the run exists.

    Raises:
        ConfigError: The config is wrong, or does not fit the dataset.
        UsageError: The run was made with another config or dataset, or started from another model;
            the message lists what differs.
        LockedError: Another process trains in this folder.
        TrainingDivergedError: A number stopped being finite; the last checkpoint stays.
        MemoryShortageError: The batch is too large for the device.
    """
    task = open_task(request.loaded, request.data)
    if request.origin is not None:
        demand_fit(task, request.origin)
    device = device_to_train_on(task.assembly, request.device, reporter)
    refuse_too_large(task.assembly, device)
    with lock(request.run, purpose="soundgan train", reporter=reporter):
        if request.fresh:
            _set_aside(request.run, reporter)
        for folder in (request.run, request.run / SAMPLES):
            sweep_temporaries(folder, held=True)
        task = fitted_to_budget(task, request, device, reporter)
        _claim(request, task)
        session = Session(request, task, device, reporter)
        try:
            return session.run()
        except (RuntimeError, MemoryError) as error:
            if not memory.is_out_of_memory(error):
                raise
            error.__traceback__ = None  # which holds what the step had made
            raise _shortage(session) from None


def _shortage(session: Session) -> MemoryShortageError:
    """What to do where a step found no memory."""
    task, state = session.task, session.state
    remedy = "choose smaller widths"
    if limit := memory.address_limit():
        # No other batch is tried: oneDNN crashes when it finds no memory once too often.
        remedy = f"ulimit -v allows {limit / 1e9:.2g} GB: raise that, or choose a smaller batch"
    elif (fitting := fitting_batch(state)) is not None:
        remedy = f"{fitting} fit: add `training.batch_size={fitting}` and `fresh`"
    return MemoryShortageError(
        f"{task.place}: training.batch_size: no memory for {task.config.training.batch_size} "
        f"images a step on {state.device}; {remedy}"
    )


def _claim(request: TrainRequest, task: Task) -> None:
    """Write what the run is, or refuse when it already is something else."""
    run, origin = request.run, request.origin
    path = run / CONFIG
    if path.is_file():
        old = load_config(str(path)).config
        changed = {
            key: pair
            for key, pair in differences(old, task.config).items()
            if key not in MAY_CHANGE
        }
        if changed:
            listed = "; ".join(f"{key} was {old}, now {new}" for key, (old, new) in changed.items())
            raise UsageError(
                f"{run}: made with another config ({listed}); "
                "pass `fresh` to start over, or `run` for a new folder"
            )
        _check_same_data(run, task)
        demand_same_start(run, origin)
    start = recorded_start(run) or (None if origin is None else origin.record(run))
    config = to_toml(task.config).encode()
    write_bytes(path, config)
    record = _record(run, task) | {"config_sha256": sha256(config)}
    write_json(run / RUN_RECORD, record if start is None else record | {START: start})


def _check_same_data(run: Path, task: Task) -> None:
    recorded = read_run_record(run) if (run / RUN_RECORD).is_file() else {}
    if recorded.get("dataset") not in (None, task.dataset.content_hash):
        raise UsageError(
            f"{run}: trained on another dataset than {task.dataset.place} is now; "
            "pass `fresh` to start over, or `run` for a new folder"
        )


def _record(run: Path, task: Task) -> dict[str, Any]:
    return {
        "schema": RUN_SCHEMA,
        "kind": RUN_KIND,
        "soundgan": VERSION,
        "dataset": task.dataset.content_hash,
        PLACE: task.dataset.path and place_of(task.dataset.path, run),
        "labels": list(task.labels),
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "numpy": np.__version__,
        },
    }


def _set_aside(run: Path, reporter: Reporter) -> None:
    """Move the contents of an old run to a folder beside it, so that nothing is lost."""
    contents = [path for path in sorted(run.iterdir()) if path.name not in LOCK_FILES]
    if not contents:
        return
    number = 1
    while (aside := run.with_name(f"{run.name}-old{number}")).exists():
        number += 1
    make_folder(aside)
    for path in contents:
        move(path, aside / path.name)
    reporter.say(f"the old run is kept in {aside}")
