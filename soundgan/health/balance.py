"""An even game: the discriminator's rate follows how often it is right."""

from __future__ import annotations

from dataclasses import replace

from soundgan.health.controls import Controls
from soundgan.health.game import Game
from soundgan.health.signals import Signals

EVEN_PAIRS = (0.7, 0.9)
"""Between these pair accuracies the rate stays where it is."""
RATE_STEP = 0.99
"""Factor on the rate per step outside."""
FEWEST_SKIPPED = 0.02
"""A smaller share of skipped updates is none."""


def balanced(controls: Controls, signals: Signals, game: Game, passed: int) -> Controls:
    """The controls after ``passed`` more steps.

    The rate stays between a twentieth of the generator's and what the config says, or where it is
    if that is outside.
    """
    pairs = signals.fast("discriminator/pair_accuracy")
    if pairs is None or EVEN_PAIRS[0] <= pairs <= EVEN_PAIRS[1]:
        return controls
    factor, scale = RATE_STEP**passed, controls.discriminator_rate_scale
    if pairs > EVEN_PAIRS[1]:
        slower = max(scale * factor, min(scale, game.lowest_discriminator_scale))
        return replace(controls, discriminator_rate_scale=slower)
    skip = controls.skip_discriminator * factor
    return replace(
        controls,
        discriminator_rate_scale=min(scale / factor, max(scale, 1.0)),
        skip_discriminator=skip if skip > FEWEST_SKIPPED else 0.0,
    )
