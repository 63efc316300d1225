"""What the watch over a training needs of the run around it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from soundgan.errors import UsageError
from soundgan.pipelines.task import Task
from soundgan.reporting import Reporter
from soundgan.training.loop import Numbers
from soundgan.training.metrics_log import MetricsLog
from soundgan.training.pace import Pace
from soundgan.training.probe import Probe
from soundgan.training.state import TrainState
from soundgan.training.tensorboard import TensorBoard

Clips = tuple[NDArray[np.int64], Tensor]
"""Rows of the dataset, and their images."""


def make_probe(
    task: Task, train: Clips, held_out: Clips, latent_dim: int, reporter: Reporter
) -> Probe | None:
    """Measures generated sounds, unless the clips are nothing to compare with."""
    labels = task.dataset.label_ids if task.labels else None
    try:
        return Probe(
            train[1],
            None if labels is None else labels[train[0]],
            held_out[1],
            None if labels is None else labels[held_out[0]],
            latent_dim=latent_dim,
            seed=task.config.training.seed,
        )
    except UsageError as error:
        reporter.warn(f"generated sounds are not watched: {error}")
        return None


def record_hooks(
    state: TrainState, log: MetricsLog, board: TensorBoard, pace: Pace
) -> tuple[Callable[[int, Numbers], None], Callable[[], None]]:
    """What is done with measurements, and with the run's records when it goes back."""

    def measured(step: int, numbers: Numbers) -> None:
        log.write(step, numbers)
        board.write(step, numbers)

    def rolled_back() -> None:
        for record in (log, board, pace):
            record.rewind(state.step)

    return measured, rolled_back
