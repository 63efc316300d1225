"""Back to a good checkpoint: which one, and how nothing is lost if the process is killed meanwhile.

The state is restored, then saved at once under the name of a new attempt; only then are the
checkpoints of the abandoned attempt removed. A process that is killed before the save is complete
goes on from an old checkpoint and comes to the same decision again; afterwards the new one is the
newest whatever else is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from soundgan.errors import ArtefactError
from soundgan.health.memory import Memory
from soundgan.runtime.files import read_json
from soundgan.training.checkpoint import (
    YOUNG,
    Checkpoint,
    attempt_and_step,
    checkpoint_files,
    read_checkpoint,
    remove,
    restore,
    scheduled,
)
from soundgan.training.state import TrainState

RING = 4
"""Checkpoints that are kept at least while a run may go back."""
LEAST_AGE = 0.05
"""Share of the run that should lie between a trouble and the checkpoint: it began unseen."""


@dataclass(frozen=True)
class _Candidate:
    path: Path
    step: int
    sound: bool
    kernel_distance: float | None


def find_target(
    folder: Path, state: TrainState, *, ring: int, any_will_do: bool
) -> Checkpoint | None:
    """The checkpoint to go back to.

    The one with the smallest kernel distance, or the newest where none was measured, among those
    that are sound and old enough; else the newest sound one; else, while the run is young, the
    one of step 0.

    Args:
        folder: Of the run's checkpoints.
        state: As it is now.
        ring: How many of the newest checkpoints count.
        any_will_do: Whether the newest will do where none is sound.
    """
    training = state.config.training
    files = scheduled(checkpoint_files(folder), training.checkpoint_every)
    later = [path for path in files if _step(path) > 0]
    candidates = [found for found in map(_candidate, later[:ring]) if found is not None]
    candidates = [found for found in candidates if found.step < state.step]
    least_age = LEAST_AGE * training.steps
    sound = [found for found in candidates if found.sound]
    old = [found for found in sound if state.step - found.step >= least_age]
    measured = sorted(
        (found for found in old if found.kernel_distance is not None),
        key=lambda found: found.kernel_distance or 0.0,
    )
    paths = [
        found.path for found in (*measured, *old, *sound, *(candidates if any_will_do else ()))
    ]
    if state.step <= YOUNG * training.steps:
        paths += [path for path in files if _step(path) == 0]
    for path in paths:
        try:
            return read_checkpoint(path)
        except ArtefactError:
            continue  # damaged; the next best
    return None


def go_back(state: TrainState, target: Checkpoint) -> Memory:
    """Put the networks of ``target`` into the state; what was learnt since stays with the caller.

    The best average of the run stays too.

    Returns:
        The memory of that moment.
    """
    controls, memory, best = state.controls, state.memory, state.best
    restore(state, target)
    past = state.memory
    state.controls, state.memory = controls, memory
    state.best = best if best is not None else state.best
    return past


def drop_abandoned(folder: Path, memory: Memory) -> None:
    """Remove the checkpoints that rollbacks left behind."""
    abandoned = []
    for path in checkpoint_files(folder):
        attempt, step = attempt_and_step(path) or (0, 0)
        later = memory.rollbacks[attempt:]
        if any(step >= rollback.to for rollback in later):
            abandoned.append(path)
    remove(abandoned)


def _step(path: Path) -> int:
    return (attempt_and_step(path) or (0, -1))[1]


def _candidate(path: Path) -> _Candidate | None:
    try:
        record = read_json(path.with_suffix(".json"))
    except ArtefactError:
        return None
    if not isinstance(record, dict):
        return None
    distance = record.get("kernel_distance")
    return _Candidate(
        path,
        _step(path),
        record.get("sound") is True,
        float(distance) if isinstance(distance, int | float) else None,
    )
