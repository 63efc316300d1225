"""What to say of a training that would take many hours here."""

from __future__ import annotations

import torch

from soundgan.pipelines.task import Task
from soundgan.training.estimate import timed_step
from soundgan.training.state import new_state

LONG_HOURS = 4.0
"""A run expected to take longer than this is called long."""

LIGHTER = "fast"
"""The preset that is recommended instead."""


def long_run_advice(
    task: Task, name: str, seconds_per_step: float, device: torch.device
) -> str | None:
    """A sentence with the hours and the preset that fits; ``None`` for a run of bearable length.

    Times a few steps of the preset it considers, which takes seconds.

    Args:
        task: What is trained.
        name: Name of its config, which is not recommended to itself.
        seconds_per_step: Of this machine, measured or expected.
        device: Where it is trained.
    """
    hours = task.config.training.steps * seconds_per_step / 3600
    if hours <= LONG_HOURS:
        return None
    message = f"this run takes about {hours:,.0f} hours on this machine"
    if name != LIGHTER:
        other = task.with_preset(LIGHTER)
        state = new_state(other.assembly, device=device)
        other_hours = other.config.training.steps * timed_step(state) / 3600
        if other_hours <= LONG_HOURS:
            minutes = max(1, round(other_hours * 60))
            return f"{message}; `config={LIGHTER}` takes about {minutes} minutes"
    return f"{message}; with `max_minutes=60` a new run ends within an hour"
