"""What can be done about troubles; a remedy changes controls and nothing else."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

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
class Change:
    """What a remedy comes to in a game.

    Attributes:
        remedy: Which one.
        words: What is done, as an order.
        controls: After it.
    """

    remedy: Remedy
    words: str
    controls: Controls


class Remedy(ABC):
    """Something that can be done about a trouble: a rung on its ladder."""

    name: ClassVar[str]
    """For machines."""
    done: ClassVar[str]
    """What a verdict says was done."""
    manner: ClassVar[str | None] = None
    """How the game goes on, where another remedy of the same name leaves that as it was."""
    rolls_back: ClassVar[bool] = False
    """Whether the networks of an earlier checkpoint are to come back."""
    balances: ClassVar[bool] = False
    """Whether the discriminator's rate follows the balance of the game from then on."""

    @abstractmethod
    def change(self, controls: Controls, game: Game) -> Change | None:
        """What it comes to; ``None`` where the config has no such thing or it is used up."""


class AugmentMore(Remedy):
    """Augment the discriminator's inputs more often."""

    name = "augment-more"
    done = "more augmentation"

    def change(self, controls: Controls, game: Game) -> Change | None:
        """By a tenth, to the highest probability of the config."""
        old = _augment_probability(controls, game)
        new = min(old + MORE_AUGMENTATION, game.max_augment_probability)
        if not game.augments or new <= old:
            return None
        return Change(self, _augment_words(old, new), replace(controls, augment_probability=new))


class AugmentLess(Remedy):
    """Show the discriminator clearer images."""

    name = "augment-less"
    done = "less augmentation"

    def change(self, controls: Controls, game: Game) -> Change | None:
        """By a tenth, to none."""
        old = _augment_probability(controls, game)
        if not game.augments or old <= 0:
            return None
        new = max(0.0, old - MORE_AUGMENTATION)
        return Change(self, _augment_words(old, new), replace(controls, augment_probability=new))


class PenaliseMore(Remedy):
    """Strengthen the gradient penalty."""

    name = "penalise-more"
    done = "a stronger gradient penalty"

    def change(self, controls: Controls, game: Game) -> Change | None:
        """Double it."""
        new = 2 * controls.penalty_scale
        if not game.penalises or new > MOST_PENALTY:
            return None
        words = f"double the weight of the gradient penalty, to {new:g} times that of the config"
        return Change(self, words, replace(controls, penalty_scale=new))


class SlowDiscriminator(Remedy):
    """Slow the discriminator, and let its rate follow the balance from then on."""

    name = "slow-discriminator"
    done = "a slower discriminator"
    balances = True

    def change(self, controls: Controls, game: Game) -> Change | None:
        """Halve its learning rate."""
        old = controls.discriminator_rate_scale
        new = max(old / 2, game.lowest_discriminator_scale)
        handed_over = old < HANDED_OVER and old != game.steady_discriminator_scale
        if new >= old or handed_over:
            return None
        words = f"{_rate_words(game, old, new)}, and from now on keep it where the game is even"
        return Change(self, words, replace(controls, discriminator_rate_scale=new))


class SteadyDiscriminator(Remedy):
    """Slow a discriminator that leaps."""

    name = "steady-discriminator"
    done = "a discriminator at a tenth of the generator's learning rate"

    def change(self, controls: Controls, game: Game) -> Change | None:
        """A tenth of the generator's learning rate; a third of its own where that is less."""
        old = controls.discriminator_rate_scale
        new = max(min(old / 3, game.steady_discriminator_scale), game.lowest_discriminator_scale)
        if new >= old:
            return None
        after = replace(controls, discriminator_rate_scale=new)
        return Change(self, _rate_words(game, old, new), after)


class SkipDiscriminator(Remedy):
    """Leave out some of the discriminator's updates."""

    name = "skip-discriminator"
    done = "skipped updates of the discriminator"
    balances = True

    def change(self, controls: Controls, game: Game) -> Change | None:
        """Half of them, then three quarters."""
        new = next((skip for skip in SKIPS if skip > controls.skip_discriminator), None)
        if new is None:
            return None
        words = f"leave out {percent(new)} of the discriminator's updates"
        return Change(self, words, replace(controls, skip_discriminator=new))


class StrengthenDiscriminator(Remedy):
    """Let the discriminator learn faster, from every step."""

    name = "strengthen-discriminator"
    done = "a faster discriminator"

    def change(self, controls: Controls, game: Game) -> Change | None:
        """Double its learning rate, and undo skipping."""
        old = controls.discriminator_rate_scale
        new = min(2 * old, MOST_DISCRIMINATOR_RATE)
        if new <= old and controls.skip_discriminator == 0:
            return None
        words = (
            f"raise the discriminator's learning rate from {_rate(game, old)} to {_rate(game, new)}"
        )
        after = replace(controls, discriminator_rate_scale=new, skip_discriminator=0.0)
        return Change(self, words, after)


class CalmBoth(Remedy):
    """Lower both learning rates, and strengthen the penalty where there is one."""

    name = "calm-both"
    done = "lower learning rates"

    def change(self, controls: Controls, game: Game) -> Change | None:
        """Halve those, double this."""
        after = _calmer(controls, game)
        return None if after == controls else Change(self, _calm_words(controls, after), after)


class RollBack(Remedy):
    """Go back to a good checkpoint, and from there on draw other random numbers."""

    name = "roll-back"
    done = "going back to a checkpoint"
    rolls_back = True

    def change(self, controls: Controls, game: Game) -> Change | None:
        """Three times at most."""
        then = self.then(controls, game)
        if then is None or controls.attempt >= MOST_ROLLBACKS:
            return None
        after, words = then
        after = replace(after, attempt=controls.attempt + 1)
        return Change(self, f"{BACK}; {words}" if words else BACK, after)

    def then(self, controls: Controls, game: Game) -> tuple[Controls, str] | None:
        """How the game goes on from there, and what that is as an order; ``None``: it cannot."""
        return controls, ""


class RollBackCalmly(RollBack):
    """The same, and on with lower learning rates and a stronger penalty."""

    manner = "calmer"

    def then(self, controls: Controls, game: Game) -> tuple[Controls, str] | None:
        """As :class:`CalmBoth`; as before where that is used up."""
        after = _calmer(controls, game)
        return after, _calm_words(controls, after)


class RollBackSteadily(RollBack):
    """The same, and on with a steadier discriminator."""

    manner = "steadier"

    def then(self, controls: Controls, game: Game) -> tuple[Controls, str] | None:
        """As :class:`SteadyDiscriminator`."""
        steady = SteadyDiscriminator().change(controls, game)
        return None if steady is None else (steady.controls, steady.words)


def choose(
    ladder: tuple[Remedy, ...],
    rung: int,
    controls: Controls,
    game: Game,
    *,
    can_roll_back: Callable[[], bool],
) -> tuple[Change | None, int]:
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
        remedy = ladder[place]
        change = remedy.change(controls, game)
        if change is not None and (not remedy.rolls_back or can_roll_back()):
            return change, (place + 1) % len(ladder)
    return None, rung


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


def _rate_words(game: Game, old: float, new: float) -> str:
    return f"lower the discriminator's learning rate from {_rate(game, old)} to {_rate(game, new)}"


def _augment_words(old: float, new: float) -> str:
    return f"augment what the discriminator sees with probability {new:.2g} instead of {old:.2g}"
