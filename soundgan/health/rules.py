"""How a rule looks at a game; and the rules on the numbers of every step."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from soundgan.health.game import Game
from soundgan.health.signals import Signals
from soundgan.words import percent

PATIENT = 500
"""Steps that an imbalance may last; young games are lopsided for a while."""
SHORT = 100
"""Steps that a hopeless imbalance may last."""
WARM_UP = 200
"""Steps before a trouble is called one."""

WON_PAIRS = 0.98
WON_LOSS = 0.04
"""Share of the guessing loss below which the game is lost at once: for cross-entropy 0.05, where
a generator's loss is above 4 and its authors call the training dead."""
AHEAD_LOSS = 0.25
"""Share of the guessing loss below which it is lost if it stays so. A discriminator that is right
but not sure of it still shows the generator where to go."""
PENALISED_LOSSES = (0.01, 0.04)
"""The same two under a gradient penalty, which keeps a slope under a discriminator that is sure:
measured on a relativistic game that went well, 97 % of pairs at 0.2 to 0.4 of the guessing loss."""
DEAD_PAIRS = 0.52
WEAK_PAIRS = 0.6
DEAD_SPREAD = 1e-3
EXPLODED_LOGIT = 100.0
EXPLODED_PENALTY = 100.0
EXPLODED_GRADIENT = 20.0
"""Times the usual norm; such an update is not applied."""


@dataclass(frozen=True)
class View:
    """What is known after a step.

    Attributes:
        step: Generator updates done.
        numbers: Of this step.
        signals: Running statistics, this step included.
        game: The run's config.
        probe: The newest measurements of generated sounds, if any were made yet.
        previous: Those before them.
        peaks: The largest value of each measurement so far.
        age: Steps done, scaled as patience is.
    """

    step: int
    numbers: Mapping[str, float]
    signals: Signals
    game: Game
    probe: Mapping[str, float] = field(default_factory=dict)
    previous: Mapping[str, float] = field(default_factory=dict)
    peaks: Mapping[str, float] = field(default_factory=dict)
    age: float = 0.0


@dataclass(frozen=True)
class Rule:
    """One trouble.

    Attributes:
        name: Of the trouble, as events carry it.
        family: Troubles of one family have one cause: while one of them is treated the others
            are not named.
        bearable: Steps that the trouble may last before it is named, or ``None`` where there is
            none.
        tell: What is happening, in plain words with the numbers in it.
        numbers: Those numbers, for machines.
        settle: Steps that a remedy is given to work.
        on_probe: Whether it judges measurements of generated sounds, and so only when new ones
            arrive.
        over: What is said when it is gone, before "since step 300".
        warm_up: Steps of a run before which it is not called a trouble.
    """

    name: str
    family: str
    bearable: Callable[[View], int | None]
    tell: Callable[[View], str]
    numbers: Callable[[View], dict[str, float]]
    over: str
    settle: int = 300
    warm_up: int = WARM_UP
    on_probe: bool = False


def won_bearable(view: View) -> int | None:
    """Right about nearly every pair, and sure of it."""
    if view.game.guess_loss <= 0:
        return None
    signals, guess = view.signals, view.game.guess_loss
    won, ahead = PENALISED_LOSSES if view.game.penalises else (WON_LOSS, AHEAD_LOSS)
    pairs, loss = "discriminator/pair_accuracy", "discriminator/loss"
    if _above(signals.fast(pairs), WON_PAIRS) and _below(signals.fast(loss), won * guess):
        return SHORT
    if _above(signals.slow(pairs), WON_PAIRS) and _below(signals.slow(loss), ahead * guess):
        return PATIENT
    return None


def won_tell(view: View) -> str:
    """Pairs and loss, beside what guessing would give."""
    numbers = won_numbers(view)
    return (
        f"the discriminator has won: it tells real from generated in "
        f"{percent(numbers['pair_accuracy'])} of pairs and its loss is "
        f"{numbers['discriminator_loss']:.2g} where guessing gives {view.game.guess_loss:.3g}, so "
        "the generator gets no direction"
    )


def won_numbers(view: View) -> dict[str, float]:
    """Averages of the last steps."""
    return _averages(
        view,
        pair_accuracy="discriminator/pair_accuracy",
        discriminator_loss="discriminator/loss",
        generator_loss="generator/loss",
    )


def dead_bearable(view: View) -> int | None:
    """No better than a coin, or of one opinion about everything."""
    if view.probe.get("train_pair_accuracy", 0.0) > WEAK_PAIRS:
        # It tells real sounds from those of the average generator: the generator of this very
        # step has an answer to it every time, and that is a game.
        return None
    pairs, spread = "discriminator/pair_accuracy", "discriminator/logit_std"
    # Logits of a small scale may still be right.
    one_opinion = _below(view.signals.fast(spread), DEAD_SPREAD)
    if one_opinion and _below(view.signals.fast(pairs), WEAK_PAIRS):
        return SHORT
    if _below(view.signals.slow(pairs), DEAD_PAIRS):
        return PATIENT
    return None


def dead_tell(view: View) -> str:
    """Pairs and spread."""
    numbers = dead_numbers(view)
    return (
        "the discriminator is dead: it tells real from generated in "
        f"{percent(numbers['pair_accuracy'])} of pairs, no better than a coin, and its verdicts "
        f"differ by {numbers['logit_std']:.2g}, so the generator learns nothing from it"
    )


def dead_numbers(view: View) -> dict[str, float]:
    """Averages of the last steps."""
    return _averages(
        view,
        pair_accuracy="discriminator/pair_accuracy",
        logit_std="discriminator/logit_std",
    )


def explosion_bearable(view: View) -> int | None:
    """Logits or penalty beyond all measure; gradients are dealt with before they are applied."""
    return 10 if exploded(view) else None


def explosion_tell(view: View) -> str:
    """The numbers that exploded."""
    words = {
        "logit_distance": "its verdicts on real and generated sounds lie {:.3g} apart",
        "logit_std": "its verdicts spread over {:.3g}",
        "penalty": "its gradient penalty is {:.3g}",
    }
    told = [words[name].format(value) for name, value in exploded(view).items()]
    return "the discriminator explodes: " + " and ".join(told)


def exploded(view: View) -> dict[str, float]:
    """The numbers of this step that are beyond all measure."""
    numbers = view.numbers
    real, fake = (numbers.get(f"discriminator/{which}_logit", 0.0) for which in ("real", "fake"))
    found = {
        # Where only differences count the logits themselves may drift.
        "logit_distance": (abs(real - fake), EXPLODED_LOGIT),
        "logit_std": (numbers.get("discriminator/logit_std", 0.0), EXPLODED_LOGIT),
        "penalty": (numbers.get("discriminator/penalty", 0.0), _most_penalty(view)),
    }
    return {name: value for name, (value, limit) in found.items() if value > limit}


def _most_penalty(view: View) -> float:
    usual = view.signals.usual("discriminator/penalty")
    if usual is None:
        return math.inf
    # A penalty that is small beside the loss does no harm however fast it grew.
    return max(EXPLODED_PENALTY * usual, 10 * max(view.game.guess_loss, 1.0))


STEP_RULES = (
    Rule(
        "explosion",
        "explosion",
        explosion_bearable,
        explosion_tell,
        exploded,
        "the discriminator's numbers are of ordinary size",
    ),
    Rule(
        "discriminator-won",
        "balance",
        won_bearable,
        won_tell,
        won_numbers,
        "the game between the networks is open again",
        settle=200,
    ),
    Rule(
        "discriminator-dead",
        "balance",
        dead_bearable,
        dead_tell,
        dead_numbers,
        "the discriminator is alive again",
        settle=200,
    ),
)
"""In the order in which they are asked."""


def _averages(view: View, **names: str) -> dict[str, float]:
    """Fast averages under short names."""
    found = {short: view.signals.fast(name) for short, name in names.items()}
    return {short: value for short, value in found.items() if value is not None}


def _above(value: float | None, limit: float) -> bool:
    return value is not None and value > limit


def _below(value: float | None, limit: float) -> bool:
    return value is not None and value < limit
