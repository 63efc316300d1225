"""Explosion, or divergence: the discriminator's logits or gradient penalty grow without end."""

from __future__ import annotations

import math

from soundgan.health.remedies import CalmBoth, RollBack
from soundgan.health.troubles.contract import StepTrouble
from soundgan.health.view import View

MOST_LOGIT = 100.0
MOST_PENALTY = 100.0
"""Times the usual penalty."""
MOST_PENALTY_SHARE = 10.0
"""Times the guessing loss: a penalty that is small beside the loss does no harm however it grew."""


class Explosion(StepTrouble):
    """One of three numbers is beyond its limit for 10 steps.

    |mean logit of real - of generated| > 100; spread of all logits > 100; penalty > 100 × its usual
    size and > 10 × the guessing loss. Only the difference of the means counts, because logits may
    drift together where a loss compares them. Gradients are dealt with before they are applied.
    In 18 healthy trainings of drums (100 to 5,000 steps, most presets for small machines) the means
    lay up to 4.5 apart, and the spread was up to 2.4.

    References:
        Brock, Donahue, Simonyan, "Large Scale GAN Training for High Fidelity Natural Image
        Synthesis", ICLR 2019, section 4.1: the numbers that tell of a collapse explode with it.
    """

    name = "explosion"
    summary = "the discriminator's logits or penalty are beyond all measure"
    happened = "gradients or logits exploded"
    ladder = (CalmBoth(), RollBack())
    family = "explosion"
    over = "the discriminator's numbers are of ordinary size"

    def bearable(self, view: View) -> int | None:
        """Ten steps."""
        return 10 if self.numbers(view) else None

    def tell(self, view: View) -> str:
        """The numbers that exploded."""
        words = {
            "logit_distance": "its logits for real and generated sounds lie {:.3g} apart",
            "logit_std": "its logits spread over {:.3g}",
            "penalty": "its gradient penalty is {:.3g}",
        }
        told = [words[name].format(value) for name, value in self.numbers(view).items()]
        return "the discriminator explodes: " + " and ".join(told)

    def numbers(self, view: View) -> dict[str, float]:
        """The numbers of this step that are beyond all measure."""

        def of(name: str) -> float:
            return view.numbers.get(f"discriminator/{name}", 0.0)

        found = {
            "logit_distance": (abs(of("real_logit") - of("fake_logit")), MOST_LOGIT),
            "logit_std": (of("logit_std"), MOST_LOGIT),
            "penalty": (of("penalty"), _most_penalty(view)),
        }
        return {name: value for name, (value, limit) in found.items() if value > limit}


def _most_penalty(view: View) -> float:
    usual = view.signals.usual("discriminator/penalty")
    if usual is None:
        return math.inf
    return max(MOST_PENALTY * usual, MOST_PENALTY_SHARE * max(view.game.guess_loss, 1.0))
