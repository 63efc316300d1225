"""What can be done about troubles; a remedy changes controls and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from soundgan.health.controls import Controls
from soundgan.health.game import Game
from soundgan.words import percent

MOST_ROLLBACKS = 3
MORE_AUGMENTATION = 0.1
MOST_PENALTY = 16.0
LEAST_RATE = 0.125
HANDED_OVER = 0.25
"""A rate lower than this follows the balance already, unless it is where a leaping one was put."""
MOST_DISCRIMINATOR_RATE = 4.0
SKIPS = (0.5, 0.75)
BACK = "go back to a good checkpoint and on from there with other random numbers"


@dataclass(frozen=True)
class Remedy:
    """One change.

    Attributes:
        name: For machines.
        words: What is done, as an order.
        controls: After it.
        rolls_back: Whether the networks of an earlier checkpoint are to come back.
        balances: Whether the discriminator's rate follows the balance of the game from now on.
    """

    name: str
    words: str
    controls: Controls
    rolls_back: bool = False
    balances: bool = False


Make = Callable[[Controls, Game], Remedy | None]
"""Gives the remedy, or ``None`` where the config has no such thing or it is used up."""


def augment_more(controls: Controls, game: Game) -> Remedy | None:
    """Augment the discriminator's inputs more often."""
    old = _augment_probability(controls, game)
    new = min(old + MORE_AUGMENTATION, game.max_augment_probability)
    if not game.augments or new <= old:
        return None
    return Remedy(
        "augment-more",
        f"augment what the discriminator sees with probability {new:.2g} instead of {old:.2g}",
        replace(controls, augment_probability=new),
    )


def augment_less(controls: Controls, game: Game) -> Remedy | None:
    """Show the discriminator clearer images."""
    old = _augment_probability(controls, game)
    if not game.augments or old <= 0:
        return None
    new = max(0.0, old - MORE_AUGMENTATION)
    return Remedy(
        "augment-less",
        f"augment what the discriminator sees with probability {new:.2g} instead of {old:.2g}",
        replace(controls, augment_probability=new),
    )


def penalise_more(controls: Controls, game: Game) -> Remedy | None:
    """Double the gradient penalty."""
    new = 2 * controls.penalty_scale
    if not game.penalises or new > MOST_PENALTY:
        return None
    return Remedy(
        "penalise-more",
        f"double the weight of the gradient penalty, to {new:g} times that of the config",
        replace(controls, penalty_scale=new),
    )


def slow_discriminator(controls: Controls, game: Game) -> Remedy | None:
    """Halve the discriminator's learning rate, and let it follow the balance from then on."""
    old = controls.discriminator_rate_scale
    new = max(old / 2, game.lowest_discriminator_scale)
    handed_over = old < HANDED_OVER and old != game.steady_discriminator_scale
    if new >= old or handed_over:
        return None
    return Remedy(
        "slow-discriminator",
        f"lower the discriminator's learning rate from {_rate(game, old)} to {_rate(game, new)}, "
        "and from now on keep it where the game is even",
        replace(controls, discriminator_rate_scale=new),
        balances=True,
    )


def steady_discriminator(controls: Controls, game: Game) -> Remedy | None:
    """A tenth of the generator's learning rate; a third of its own where that is less."""
    old = controls.discriminator_rate_scale
    new = max(min(old / 3, game.steady_discriminator_scale), game.lowest_discriminator_scale)
    if new >= old:
        return None
    return Remedy(
        "steady-discriminator",
        f"lower the discriminator's learning rate from {_rate(game, old)} to {_rate(game, new)}",
        replace(controls, discriminator_rate_scale=new),
    )


def roll_back_steadily(controls: Controls, game: Game) -> Remedy | None:
    """Go back to a good checkpoint, and on from there with a steadier discriminator."""
    steady = steady_discriminator(controls, game)
    if steady is None:
        return None
    back = _roll_back(controls, steady.controls)
    return back and replace(back, words=f"{BACK}; {steady.words}")


def skip_discriminator(controls: Controls, game: Game) -> Remedy | None:
    """Leave out some of the discriminator's updates."""
    new = next((skip for skip in SKIPS if skip > controls.skip_discriminator), None)
    if new is None:
        return None
    return Remedy(
        "skip-discriminator",
        f"leave out {percent(new)} of the discriminator's updates",
        replace(controls, skip_discriminator=new),
        balances=True,
    )


def strengthen_discriminator(controls: Controls, game: Game) -> Remedy | None:
    """Undo skipping, and double the discriminator's learning rate."""
    old = controls.discriminator_rate_scale
    new = min(2 * old, MOST_DISCRIMINATOR_RATE)
    if new <= old and controls.skip_discriminator == 0:
        return None
    return Remedy(
        "strengthen-discriminator",
        f"raise the discriminator's learning rate from {_rate(game, old)} to {_rate(game, new)}",
        replace(controls, discriminator_rate_scale=new, skip_discriminator=0.0),
    )


def calm_both(controls: Controls, game: Game) -> Remedy | None:
    """Halve both learning rates, and double the penalty where there is one."""
    after = _calmer(controls, game)
    if after == controls:
        return None
    return Remedy("calm-both", _calm_words(controls, after), after)


def roll_back(controls: Controls, game: Game) -> Remedy | None:
    """Go back to a good checkpoint, and from there on draw other random numbers."""
    return _roll_back(controls, controls)


def roll_back_calmly(controls: Controls, game: Game) -> Remedy | None:
    """The same, and on with lower learning rates and a stronger penalty."""
    return _roll_back(controls, _calmer(controls, game))


DONE = {
    "augment-more": "more augmentation",
    "augment-less": "less augmentation",
    "penalise-more": "a stronger gradient penalty",
    "slow-discriminator": "a slower discriminator",
    "steady-discriminator": "a discriminator at a tenth of the generator's learning rate",
    "skip-discriminator": "skipped updates of the discriminator",
    "strengthen-discriminator": "a faster discriminator",
    "calm-both": "lower learning rates",
    "roll-back": "going back to a checkpoint",
}
"""What a verdict says was done."""


def choose(
    ladder: tuple[Make, ...],
    rung: int,
    controls: Controls,
    game: Game,
    *,
    can_roll_back: Callable[[], bool],
) -> tuple[Remedy | None, int]:
    """The next remedy that can be had, and the rung after it.

    Args:
        ladder: Of the trouble.
        rung: Where on it to go on.
        controls: Now.
        game: The run's config.
        can_roll_back: Whether there is a checkpoint to go back to; asked only when it matters.
    """
    for distance in range(len(ladder)):
        place = (rung + distance) % len(ladder)
        remedy = ladder[place](controls, game)
        if remedy is not None and (not remedy.rolls_back or can_roll_back()):
            return remedy, (place + 1) % len(ladder)
    return None, rung


def _roll_back(controls: Controls, after: Controls) -> Remedy | None:
    if controls.attempt >= MOST_ROLLBACKS:
        return None
    words = BACK
    if after != controls:
        words += f"; {_calm_words(controls, after)}"
    after = replace(after, attempt=controls.attempt + 1)
    return Remedy("roll-back", words, after, rolls_back=True)


def _calmer(controls: Controls, game: Game) -> Controls:
    penalty = min(2 * controls.penalty_scale, max(MOST_PENALTY, controls.penalty_scale))
    lowest = min(LEAST_RATE, game.lowest_discriminator_scale)
    return replace(
        controls,
        penalty_scale=penalty if game.penalises else controls.penalty_scale,
        generator_rate_scale=_halved(controls.generator_rate_scale, LEAST_RATE),
        discriminator_rate_scale=_halved(controls.discriminator_rate_scale, lowest),
    )


def _calm_words(before: Controls, after: Controls) -> str:
    words = []
    lowered = (
        after.generator_rate_scale < before.generator_rate_scale,
        after.discriminator_rate_scale < before.discriminator_rate_scale,
    )
    if all(lowered):
        words.append("lower both learning rates")
    elif any(lowered):
        words.append(f"lower the {'generator' if lowered[0] else 'discriminator'}'s learning rate")
    if after.penalty_scale > before.penalty_scale:
        words.append("double the gradient penalty")
    return " and ".join(words)


def _halved(scale: float, lowest: float) -> float:
    return min(scale, max(scale / 2, lowest))


def _augment_probability(controls: Controls, game: Game) -> float:
    adapted = controls.augment_probability
    return game.augment_probability if adapted is None else adapted


def _rate(game: Game, scale: float) -> str:
    return f"{scale * game.discriminator_rate:.2g}"
