"""A state as tensors and a document: what checkpoints hold, and what a run goes back to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from soundgan.config.dump import to_json
from soundgan.errors import ArtefactError, TrainingDivergedError
from soundgan.health.controls import Controls
from soundgan.health.history import History
from soundgan.runtime.tensors import below
from soundgan.training.state import BestAverage, TrainState
from soundgan.words import first_line

FORMAT = "soundgan checkpoint"
VERSION = 1


@dataclass(frozen=True)
class Snapshot:
    """All that a run was at one moment.

    Attributes:
        step: Generator updates done.
        tensors: Networks, average, optimizers, best average.
        document: The rest, as plain JSON values.
    """

    step: int
    tensors: dict[str, Tensor]
    document: dict[str, Any]


def snapshot_of(state: TrainState, dataset_hash: str) -> Snapshot:
    """The state as it is; its tensors are the state's own.

    Args:
        state: Networks, average, optimizers and step.
        dataset_hash: Of what it was trained on.

    Raises:
        TrainingDivergedError: A weight or optimizer value is not finite.
    """
    tensors = _collect(state)
    bad = [name for name, value in tensors.items() if not bool(value.isfinite().all())]
    if bad:
        raise TrainingDivergedError(
            f"training: weights not finite at step {state.step}: {', '.join(bad[:3])}; "
            "nothing of it was saved"
        )
    document = {
        "format": FORMAT,
        "version": VERSION,
        "step": state.step,
        "dataset": dataset_hash,
        "config": json.loads(to_json(state.config)),
        "controls": state.controls.to_dict(),
        "health": state.history.to_dict(),
        "best": None
        if state.best is None
        else {"step": state.best.step, "kernel_distance": state.best.kernel_distance},
    }
    return Snapshot(state.step, tensors, document)


def restore(state: TrainState, snapshot: Snapshot) -> None:
    """Put a snapshot into a state of the same config; nothing of that state is left.

    Raises:
        ArtefactError: It does not fit the state.
    """
    tensors = snapshot.tensors
    try:
        for name in ("generator", "discriminator", "ema"):
            getattr(state, name).load_state_dict(below(tensors, f"{name}."))
        for name in ("generator_optimizer", "discriminator_optimizer"):
            _restore_adam(getattr(state, name), below(tensors, f"{name}."))
    except (RuntimeError, LookupError, ValueError) as error:
        raise ArtefactError(
            f"checkpoint of step {snapshot.step}: does not fit: {first_line(error)}"
        ) from None
    state.controls = Controls.from_dict(snapshot.document.get("controls", Controls().to_dict()))
    health = snapshot.document.get("health")
    state.history = History() if health is None else History.from_dict(health)
    state.best = _best(snapshot)
    state.step = snapshot.step


def _best(snapshot: Snapshot) -> BestAverage | None:
    record = snapshot.document.get("best")
    if record is None:
        return None
    try:
        step, distance = int(record["step"]), float(record["kernel_distance"])
    except (KeyError, TypeError, ValueError) as error:
        raise ArtefactError(f"checkpoint of step {snapshot.step}: best: damaged") from error
    return BestAverage(step, distance, below(snapshot.tensors, "best."))


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
