"""Checkpoints: whole or absent, verified when read, the newest valid one is used.

A run that was rolled back writes on with the number of its attempt in the names; whatever its
step, a checkpoint of a later attempt is newer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from soundgan.config.dump import to_json
from soundgan.errors import ArtefactError, TrainingDivergedError
from soundgan.health.controls import Controls
from soundgan.health.memory import Memory
from soundgan.reporting import Reporter
from soundgan.runtime import files
from soundgan.runtime.files import read_json, sha256, sweep_temporaries, write_json
from soundgan.runtime.tensors import below, load_tensors, save_tensors
from soundgan.training.state import BestAverage, TrainState
from soundgan.words import first_line

FORMAT = "soundgan checkpoint"
VERSION = 1
YOUNG = 0.25
"""Share of a run in which it may still start over: so long the checkpoint of step 0 is kept."""
NAME = re.compile(r"step-(\d{9,})(?:-attempt(\d+))?\.safetensors")


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint on disk that passed verification."""

    step: int
    tensors: dict[str, Tensor]
    document: dict[str, Any]


def save_checkpoint(
    folder: Path, state: TrainState, dataset_hash: str, *, keep: int | None = None
) -> Path:
    """Write networks, average, optimizers and step; then drop all but the newest few.

    The tensor file is complete before the small record beside it, which carries its hash, is
    written; a tensor file without a record is no checkpoint.

    Args:
        folder: Of the run's checkpoints.
        state: What is saved.
        dataset_hash: Of what it was trained on.
        keep: How many stay; by default what the config says.

    Raises:
        TrainingDivergedError: A weight or optimizer value is not finite; nothing is written.
        OutputError: The disk refuses; older checkpoints are untouched.
    """
    tensors = _collect(state)
    bad = [name for name, value in tensors.items() if not bool(value.isfinite().all())]
    if bad:
        raise TrainingDivergedError(
            f"training: weights not finite at step {state.step}: {', '.join(bad[:3])}; "
            "nothing of it was saved"
        )
    path = folder / _name(state.step, state.controls.attempt)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "step": state.step,
        "dataset": dataset_hash,
        "config": json.loads(to_json(state.config)),
        "controls": state.controls.to_dict(),
        "health": state.memory.to_dict(),
        "best": None
        if state.best is None
        else {"step": state.best.step, "kernel_distance": state.best.kernel_distance},
    }
    content = save_tensors(path, tensors, document)
    record = {
        "step": state.step,
        "sha256": sha256(content),
        "bytes": len(content),
        "sound": state.memory.sound,
        "kernel_distance": state.memory.kernel_distance,
    }
    write_json(path.with_suffix(".json"), record)
    # What is newer was passed over as damaged when the run went on from an older one. It must not
    # take the place of those that are whole.
    remove(found for found in _named(folder) if _age(found) > _age(path))
    training = state.config.training
    drop_old(folder, keep or training.keep_checkpoints, every=training.checkpoint_every)
    if state.step > YOUNG * training.steps:
        remove(found for found in checkpoint_files(folder) if _age(found)[1] == 0)
    return path


def checkpoint_files(folder: Path) -> list[Path]:
    """The checkpoints of a folder, newest first, whole or not."""
    return sorted(filter(attempt_and_step, folder.glob("step-*")), key=_age, reverse=True)


def _named(folder: Path) -> list[Path]:
    """As :func:`checkpoint_files`, with those of which only the record is there."""
    names = {path.with_suffix(".safetensors") for path in folder.glob("step-*")}
    return sorted(filter(attempt_and_step, names), key=_age, reverse=True)


def attempt_and_step(path: Path) -> tuple[int, int] | None:
    """What the name of a checkpoint says, or ``None`` for another file."""
    match = NAME.fullmatch(path.name)
    return None if match is None else (int(match[2] or 0), int(match[1]))


def newest_checkpoint(folder: Path, reporter: Reporter) -> Checkpoint | None:
    """The newest checkpoint that is whole; damaged ones are named and passed over.

    Raises:
        ArtefactError: There were some, and none is whole.
    """
    sweep_temporaries(folder, held=True)
    found = _named(folder)
    for path in found:
        try:
            return read_checkpoint(path)
        except ArtefactError as error:
            reporter.warn(f"{error}; trying the checkpoint before it")
    # One without a record was being written when the first process was killed.
    if any(path.with_suffix(".json").exists() for path in found):
        raise ArtefactError(f"{folder}: no checkpoint is whole; pass `fresh` to start over")
    return None


def restore(state: TrainState, checkpoint: Checkpoint) -> None:
    """Put a checkpoint into a state of the same config; nothing of that state is left.

    Raises:
        ArtefactError: It does not fit the state.
    """
    tensors = checkpoint.tensors
    try:
        for name in ("generator", "discriminator", "ema"):
            getattr(state, name).load_state_dict(below(tensors, f"{name}."))
        for name in ("generator_optimizer", "discriminator_optimizer"):
            _restore_adam(getattr(state, name), below(tensors, f"{name}."))
    except (RuntimeError, LookupError, ValueError) as error:
        raise ArtefactError(
            f"checkpoint of step {checkpoint.step}: does not fit: {first_line(error)}"
        ) from None
    state.controls = Controls.from_dict(checkpoint.document.get("controls", Controls().to_dict()))
    health = checkpoint.document.get("health")
    state.memory = Memory() if health is None else Memory.from_dict(health)
    state.best = _best(checkpoint)
    state.step = checkpoint.step


def _best(checkpoint: Checkpoint) -> BestAverage | None:
    record = checkpoint.document.get("best")
    if record is None:
        return None
    try:
        step, distance = int(record["step"]), float(record["kernel_distance"])
    except (KeyError, TypeError, ValueError) as error:
        raise ArtefactError(f"checkpoint of step {checkpoint.step}: best: damaged") from error
    return BestAverage(step, distance, below(checkpoint.tensors, "best."))


def _collect(state: TrainState) -> dict[str, Tensor]:
    tensors: dict[str, Tensor] = {}
    for name in ("generator", "discriminator", "ema"):
        network = getattr(state, name)
        tensors |= {f"{name}.{key}": value for key, value in network.state_dict().items()}
    if state.best is not None:
        tensors |= {f"best.{key}": value for key, value in state.best.weights.items()}
    for name in ("generator_optimizer", "discriminator_optimizer"):
        moments = getattr(state, name).state_dict()["state"]
        for index, values in moments.items():
            tensors |= {f"{name}.{index}.{key}": value for key, value in values.items()}
    return tensors


def _restore_adam(optimizer: torch.optim.Adam, tensors: dict[str, Tensor]) -> None:
    parameters = optimizer.param_groups[0]["params"]
    optimizer.state.clear()  # at step 0 there are no moments to put in their place
    for name, value in tensors.items():
        index, key = name.split(".", 1)
        parameter = parameters[int(index)]
        if key == "step":
            optimizer.state[parameter][key] = value.to(parameter.device)
        else:
            # Same memory layout as the parameter, so that the update runs the same code.
            optimizer.state[parameter][key] = torch.empty_like(parameter).copy_(value).detach()


def read_checkpoint(path: Path) -> Checkpoint:
    """Read and verify a checkpoint.

    Raises:
        ArtefactError: Damaged, or none of this program.
    """
    record = read_json(path.with_suffix(".json"))
    tensors, document, content = load_tensors(path)
    if not isinstance(record, dict) or sha256(content) != record.get("sha256"):
        raise ArtefactError(f"{path}: damaged: its hash is not the recorded one")
    if document.get("format") != FORMAT or not isinstance(document.get("step"), int):
        raise ArtefactError(f"{path}: not a soundgan checkpoint")
    version = document.get("version")
    if isinstance(version, bool) or version != VERSION:
        raise ArtefactError(f"{path}: checkpoint version {version!r}, this program reads {VERSION}")
    return Checkpoint(document["step"], tensors, document)


def drop_old(folder: Path, keep: int, *, every: int) -> None:
    """Remove all but the newest few checkpoints.

    The one of step 0 stays. Those that were saved between the usual steps, when somebody stopped
    the run, take no place of the others: an interrupted run can go back to the same ones as an
    uninterrupted one.
    """
    files = [path for path in checkpoint_files(folder) if _age(path)[1] > 0]
    remove({*files[keep:]} - {*scheduled(files, every)[:keep]})


def scheduled(files: list[Path], every: int) -> list[Path]:
    """Those that were saved at one of the usual steps."""
    return [path for path in files if _age(path)[1] % every == 0]


def remove(paths: Iterable[Path]) -> None:
    """Remove checkpoints with their records.

    The record goes first: without it the rest is no checkpoint, and is removed another time if
    the process is killed in between.
    """
    for path in paths:
        files.remove(path.with_suffix(".json"))
        files.remove(path)


def _name(step: int, attempt: int) -> str:
    return f"step-{step:09d}{f'-attempt{attempt}' if attempt else ''}.safetensors"


def _age(path: Path) -> tuple[int, int]:
    return attempt_and_step(path) or (-1, -1)
