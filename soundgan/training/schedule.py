"""Learning rates over a run, in shares of its length."""

from __future__ import annotations

import math

from soundgan.config.schema import TrainingConfig


def progress(training: TrainingConfig, step: int) -> float:
    """Share of the run that is done, in [0, 1]."""
    return min(1.0, step / training.steps)


def rate_share(training: TrainingConfig, step: int) -> float:
    """What the learning rates are multiplied with in the update after ``step`` updates.

    Rises in a straight line over ``warm_up_share`` of the run, then falls on half a cosine to
    ``final_rate_share`` at its end.
    """
    done = progress(training, step)
    warm_up = training.warm_up_share
    if done < warm_up:
        return (step + 1) / (warm_up * training.steps + 1)
    fallen = (1 - math.cos(math.pi * (done - warm_up) / (1 - warm_up))) / 2
    return 1 - (1 - training.final_rate_share) * fallen


def generator_waits(training: TrainingConfig, step: int) -> bool:
    """Whether only the discriminator learns in the update after ``step`` updates."""
    return step < training.generator_waits_share * training.steps
