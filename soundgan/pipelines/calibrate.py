"""The last touch of a run: levels of the model's sounds beside those of the recordings."""

from __future__ import annotations

import copy

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.inference.calibration import calibrated_levels
from soundgan.inference.level_curve import LevelCurve
from soundgan.inference.model_file import Model, ModelDescription
from soundgan.inference.parts import build_inversion
from soundgan.inference.synthesis import waveforms_of
from soundgan.pipelines.task import Task
from soundgan.reporting import Reporter
from soundgan.representations.contract import Representation
from soundgan.training.selection import generated
from soundgan.training.state import TrainState

_AT_A_TIME = 64


def calibrate(
    state: TrainState,
    task: Task,
    description: ModelDescription,
    representation: Representation,
    reporter: Reporter,
    *,
    rows: NDArray[np.int64],
    real: Tensor,
) -> LevelCurve | None:
    """The curve for the run's product; the same product gives the same curve.

    Args:
        state: Of the run; not changed.
        task: What is trained on what.
        description: Of the product.
        representation: Fitted.
        reporter: Sees the progress.
        rows: Training clips in the dataset, [N]; their labels are those of the sounds.
        real: Their images [N, C, F, T].

    Returns:
        ``None`` where the product makes no sound.
    """
    count = task.config.training.calibrate_sounds
    generator = copy.deepcopy(state.ema)
    generator.load_state_dict(state.product)
    labels = None
    if task.labels:
        known = torch.from_numpy(task.dataset.label_ids[rows])
        labels = known[torch.arange(count) * len(known) // count]
    made = generated(generator, count, labels, task.config.training.seed)
    inversion = build_inversion(task.config, task.place)
    model = Model(description, generator.cpu(), representation, inversion, sha256="")

    def heard(images: Tensor) -> Tensor:
        parts = []
        for at in range(0, count, _AT_A_TIME):
            some = images[at : at + _AT_A_TIME]
            waveforms = waveforms_of(model, some, range(at, at + len(some)))
            parts.append(representation.encode(waveforms))
            reporter.progress("calibrating levels", at + len(some), count)
        return torch.cat(parts)

    curve = calibrated_levels(real, made, heard)
    reporter.finish("calibrating levels")
    return curve
