"""The last touch of a run: levels of the model's sounds beside those of the recordings."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable

import torch
from torch import Tensor

from soundgan.assembly.assembly import IMAGE_DIMENSIONS
from soundgan.codec.contract import Codec
from soundgan.codec.level_curve import LevelCurve
from soundgan.inference.calibration import ROUNDS, calibrated_levels
from soundgan.pipelines.training_clips import TrainingClips
from soundgan.reporting import Reporter
from soundgan.training.encoded import spread_out
from soundgan.training.selection import generated
from soundgan.training.state import TrainState

TASK = "calibrating levels"

MOST_TO_MATCH = 4096
"""Training clips whose levels are looked at, at most."""

SAMPLES_AT_A_TIME = 1 << 19
"""As many are turned from images to sounds and back in a second or two."""


class NoTimeLeftError(Exception):
    """A calibration would end too late."""


def calibrate(
    state: TrainState,
    clips: TrainingClips,
    reporter: Reporter,
    *,
    seconds_left: Callable[[], float] = lambda: math.inf,
) -> LevelCurve | None:
    """The curve for the run's product; the same product gives the same curve.

    Args:
        state: Of the run; not changed.
        clips: What it was trained on.
        reporter: Sees the progress.
        seconds_left: How long it may still take.

    Returns:
        ``None`` where the product makes no sound, and where there are no images to correct.

    Raises:
        NoTimeLeftError: It would take longer than that.
    """
    task = clips.task
    if len(clips.codec.shape) != IMAGE_DIMENSIONS:
        return None
    count = task.config.training.calibrate_sounds
    generator = copy.deepcopy(state.ema)
    generator.load_state_dict(state.product)
    labels = None
    if task.labels:
        rows = spread_out(clips.train.indices, MOST_TO_MATCH)
        known = torch.from_numpy(task.dataset.label_ids[rows])
        labels = known[torch.arange(count) * len(known) // count]
    try:
        listening = _Listening(clips.codec, ROUNDS * count, reporter, seconds_left)
        real = clips.train.spread(MOST_TO_MATCH)
        made = generated(generator, count, labels, task.config.training.seed)
        if clips.codec.clip.channels == 1:
            return calibrated_levels(real, made, listening)

        def heard(mid: Tensor) -> Tensor:
            return listening(torch.cat([mid, made[:, 1:]], dim=1))[:, :1]

        return calibrated_levels(real[:, :1], made[:, :1], heard)
    finally:
        reporter.finish(TASK)


class _Listening:
    """Turns images into sounds and looks at those: nearly all the time of a calibration."""

    def __init__(
        self,
        codec: Codec,
        n_images: int,
        reporter: Reporter,
        seconds_left: Callable[[], float],
    ) -> None:
        self._codec, self._reporter, self._seconds_left = codec, reporter, seconds_left
        self._n_images, self._done, self._seconds = n_images, 0, 0.0
        reporter.progress(TASK, 0, n_images)

    def __call__(self, images: Tensor) -> Tensor:
        """Images [M, C, F, T] of the sounds that such images are turned into.

        Raises:
            NoTimeLeftError: The rest would take too long.
        """
        size = max(1, min(64, SAMPLES_AT_A_TIME // self._codec.clip.n_samples))
        parts = []
        for at in range(0, len(images), size):
            began = time.monotonic()
            some = images[at : at + size]
            waveforms = self._codec.waveforms(some, range(at, at + len(some)))
            parts.append(self._codec.encode(waveforms))
            self._done += len(some)
            self._seconds += time.monotonic() - began
            self._reporter.progress(TASK, self._done, self._n_images)
            if self._seconds_to_come() > self._seconds_left():
                raise NoTimeLeftError
        return torch.cat(parts)

    def _seconds_to_come(self) -> float:
        return self._seconds / self._done * (self._n_images - self._done)
