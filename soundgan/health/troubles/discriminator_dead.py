"""A dead discriminator: it guesses, or holds one opinion about everything, and teaches nothing."""

from __future__ import annotations

from soundgan.health.remedies import AugmentLess, RollBack, StrengthenDiscriminator
from soundgan.health.troubles.contract import StepTrouble
from soundgan.health.view import View
from soundgan.words import percent

PAIRS, SPREAD = "discriminator/pair_accuracy", "discriminator/logit_std"
DEAD_PAIRS, WEAK_PAIRS = 0.52, 0.6
DEAD_SPREAD = 1e-3
SHORT, PATIENT = 100, 500


class DiscriminatorDead(StepTrouble):
    """Pairs told apart < 52 % for 500 steps, or < 60 % with a spread of logits < 0.001 for 100.

    A small spread alone is no fault: logits of a small scale may still be right. At the optimum of
    the game the discriminator guesses too, and a generator may have an answer to it at every step.
    Therefore it is alive where it tells training clips from sounds of the average generator in more
    than 60 % of pairs. A coin has 50 %, and its average over 200 steps of 8 pairs strays from that
    by 0.9 % (standard deviation); the other thresholds are chosen.

    References:
        Goodfellow et al., "Generative Adversarial Nets", NeurIPS 2014, theorem 1: at the
        optimum, with a perfect generator, every probability is 1/2.
    """

    name = "discriminator-dead"
    summary = "the discriminator is no better than a coin, or of one opinion about everything"
    happened = "the discriminator was dead"
    ladder = (StrengthenDiscriminator(), AugmentLess(), RollBack())
    advice = "a higher training.discriminator_optimizer.learning_rate may help"
    family = "balance"
    quiets = ("generator", "variety")  # what poor sounds come of is treated first
    over = "the discriminator is alive again"
    settle = 200

    def bearable(self, view: View) -> int | None:
        """Shorter where it has one opinion."""
        if view.probe.get("train_pair_accuracy", 0.0) > WEAK_PAIRS:
            return None
        if view.fast(SPREAD) < DEAD_SPREAD and view.fast(PAIRS) < WEAK_PAIRS:
            return SHORT
        return PATIENT if view.slow(PAIRS) < DEAD_PAIRS else None

    def tell(self, view: View) -> str:
        """Pairs and spread."""
        numbers = self.numbers(view)
        return (
            "the discriminator is dead: it tells real from generated in "
            f"{percent(numbers['pair_accuracy'])} of pairs, no better than a coin, and its "
            f"logits differ by {numbers['logit_std']:.2g}, so the generator learns nothing from "
            "it"
        )

    def numbers(self, view: View) -> dict[str, float]:
        """Averages of the last steps."""
        return view.averages(pair_accuracy=PAIRS, logit_std=SPREAD)
