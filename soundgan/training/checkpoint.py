"""Checkpoints: whole or absent, verified when read, the newest valid one is used.

A run that was rolled back writes on with the number of its attempt in the names; whatever its
step, a checkpoint of a later attempt is newer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from soundgan.errors import ArtefactError
from soundgan.reporting import Reporter
from soundgan.runtime import files
from soundgan.runtime.files import read_json, sha256, sweep_temporaries, write_json
from soundgan.runtime.tensors import load_tensors, save_tensors
from soundgan.training.snapshot import FORMAT, VERSION, Snapshot, snapshot_of
from soundgan.training.state import TrainState
from soundgan.training.states import Age, Kept, age_of, superfluous

NAME = re.compile(r"step-(\d{9,})(?:-attempt(\d+))?\.safetensors")


class CheckpointFolder:
    """Keeps the states of a run as checkpoints.

    Args:
        folder: Of the run's checkpoints.
        dataset_hash: Of what it is trained on.
    """

    def __init__(self, folder: Path, dataset_hash: str) -> None:
        self._folder, self._dataset_hash = folder, dataset_hash

    def put(self, state: TrainState, *, keep: int) -> None:
        """Write a checkpoint."""
        save_checkpoint(self._folder, state, self._dataset_hash, keep=keep)

    def kept(self) -> list[Kept]:
        """Those that are there, newest first; of a damaged one nothing good is known."""
        return [_described(path) for path in checkpoint_files(self._folder)]

    def read(self, kept: Kept) -> Snapshot:
        """Read and verify one.

        Raises:
            ArtefactError: It is damaged.
        """
        return read_checkpoint(self._folder / _name(kept.age))

    def drop(self, kept: Iterable[Kept]) -> None:
        """Remove some."""
        remove(self._folder / _name(found.age) for found in kept)


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
    snapshot = snapshot_of(state, dataset_hash)
    age = age_of(state)
    path = folder / _name(age)
    content = save_tensors(path, snapshot.tensors, snapshot.document)
    record = {
        "step": state.step,
        "sha256": sha256(content),
        "bytes": len(content),
        "sound": state.history.sound,
        "kernel_distance": state.history.kernel_distance,
    }
    write_json(path.with_suffix(".json"), record)
    training = state.config.training
    named = [(_age(found), found) for found in _named(folder)]
    ages = [found for found, file in named if file.exists() or found > age]
    remove(
        folder / _name(old)
        for old in superfluous(ages, age, keep=keep or training.keep_checkpoints, training=training)
    )
    return path


def checkpoint_files(folder: Path) -> list[Path]:
    """The checkpoints of a folder, newest first, whole or not."""
    return sorted(filter(attempt_and_step, folder.glob("step-*")), key=_age, reverse=True)


def _named(folder: Path) -> list[Path]:
    """As :func:`checkpoint_files`, with those of which only the record is there."""
    names = {path.with_suffix(".safetensors") for path in folder.glob("step-*")}
    return sorted(filter(attempt_and_step, names), key=_age, reverse=True)


def attempt_and_step(path: Path) -> Age | None:
    """What the name of a checkpoint says, or ``None`` for another file."""
    match = NAME.fullmatch(path.name)
    return None if match is None else (int(match[2] or 0), int(match[1]))


def newest_checkpoint(folder: Path, reporter: Reporter) -> Snapshot | None:
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


def read_checkpoint(path: Path) -> Snapshot:
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
    return Snapshot(document["step"], tensors, document)


def remove(paths: Iterable[Path]) -> None:
    """Remove checkpoints with their records.

    The record goes first: without it the rest is no checkpoint, and is removed another time if
    the process is killed in between.
    """
    for path in paths:
        files.remove(path.with_suffix(".json"))
        files.remove(path)


def _name(age: Age) -> str:
    attempt, step = age
    return f"step-{step:09d}{f'-attempt{attempt}' if attempt else ''}.safetensors"


def _age(path: Path) -> Age:
    return attempt_and_step(path) or (-1, -1)


def _described(path: Path) -> Kept:
    """What the record beside a checkpoint says."""
    try:
        record = read_json(path.with_suffix(".json"))
    except ArtefactError:
        record = None
    if not isinstance(record, dict):
        return Kept(_age(path))
    distance = record.get("kernel_distance")
    return Kept(
        _age(path),
        record.get("sound") is True,
        float(distance) if isinstance(distance, int | float) else None,
    )
