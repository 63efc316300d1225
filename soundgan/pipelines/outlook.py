"""What is to be expected of a run when, from what measured runs needed."""

from __future__ import annotations

import math

from soundgan.config.schema import Config
from soundgan.pipelines.bench.units import duration

SHAPES, GOOD = "first shapes", "good sounds"

IMAGES = {
    ("convt", "hinge", 128): ((SHAPES, 1_000), (GOOD, 16_000)),
    ("dcgan", "hinge", 128): ((SHAPES, 6_000),),
    ("dcgan", "hinge", 64): ((SHAPES, 4_000),),
    ("mlp", "non_saturating", 64): ((SHAPES, 40_000),),
}
"""Images that runs of a generator, a loss and a height of image had seen when the distance of their
sounds fell below 0.15 and 0.008 of that of noise (docs/recipe.md); what did not is left out."""


def milestones(config: Config, step: int) -> list[tuple[str, int]]:
    """What is still to come in a run at ``step``, with its step, the end last."""
    training = config.training
    kind = config.generator.name, config.loss.name, config.representation.height
    known = IMAGES.get(kind, ())
    steps = [(what, math.ceil(images / training.batch_size)) for what, images in known]
    coming = [(what, at) for what, at in steps if step < at < training.steps]
    return [*coming, ("the end", training.steps)] if step < training.steps else []


def outlook(config: Config, step: int, seconds_per_step: float | None) -> tuple[str, ...]:
    """The milestones of a run at ``step`` in words, one each; none at its end."""
    told = []
    for what, at in milestones(config, step):
        words = f"{what} at {'' if at == config.training.steps else 'about '}step {at:,}"
        if seconds_per_step is not None:
            words += f", in {_about(seconds_per_step * (at - step))}"
        told.append(words)
    return tuple(told)


def _about(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 99.5 else duration(seconds)
