"""Vanishing gradients, or convergence failure: the discriminator is right, and sure of it."""

from __future__ import annotations

from soundgan.health.remedies import (
    AugmentMore,
    PenaliseMore,
    RollBack,
    SkipDiscriminator,
    SlowDiscriminator,
)
from soundgan.health.troubles.contract import StepTrouble
from soundgan.health.view import View
from soundgan.words import percent

PAIRS, LOSS = "discriminator/pair_accuracy", "discriminator/loss"
WON_PAIRS = 0.98
WON_LOSS, AHEAD_LOSS = 0.04, 0.25
PENALISED_LOSSES = (0.01, 0.04)
SHORT, PATIENT = 100, 500


class DiscriminatorWon(StepTrouble):
    """Pairs told apart > 98 %, and loss / guessing loss < 0.04 for 100 steps or < 0.25 for 500.

    0.04 of the guessing loss is 0.05 for cross-entropy, where a generator's loss is above 4 and
    its authors call the training dead. A discriminator that is right but not sure of it still shows
    the generator where to go, and a young game is lopsided for a while. A gradient penalty keeps a
    slope under a discriminator that is sure: there the two shares are 0.01 and 0.04, because a
    relativistic game that went well had 97 % of pairs at 0.2 to 0.4. A loss without such a scale
    (Wasserstein) is never won.

    References:
        Arjovsky, Bottou, "Towards Principled Methods for Training Generative Adversarial Networks",
        ICLR 2017, section 2: a perfect discriminator leaves no gradient. Chintala et al., "How to
        Train a GAN?", 2016, tip 10: a discriminator's loss near 0 is a failure.
    """

    name = "discriminator-won"
    summary = (
        "the discriminator is right about nearly every pair and sure of it, so the generator gets "
        "no direction (vanishing gradients)"
    )
    happened = "the discriminator won"
    ladder = (AugmentMore(), PenaliseMore(), SlowDiscriminator(), RollBack(), SkipDiscriminator())
    advice = "a lower training.discriminator_optimizer.learning_rate may help"
    family = "balance"
    quiets = ("generator", "variety")  # what poor sounds come of is treated first
    over = "the game between the networks is open again"
    settle = 200

    def bearable(self, view: View) -> int | None:
        """Shorter where it is surer."""
        guess = view.game.guess_loss
        if guess <= 0:
            return None
        won, ahead = PENALISED_LOSSES if view.game.penalises else (WON_LOSS, AHEAD_LOSS)
        if view.fast(PAIRS) > WON_PAIRS and view.fast(LOSS) < won * guess:
            return SHORT
        if view.slow(PAIRS) > WON_PAIRS and view.slow(LOSS) < ahead * guess:
            return PATIENT
        return None

    def tell(self, view: View) -> str:
        """Pairs and loss, beside what guessing would give."""
        numbers = self.numbers(view)
        return (
            f"the discriminator has won: it tells real from generated in "
            f"{percent(numbers['pair_accuracy'])} of pairs and its loss is "
            f"{numbers['discriminator_loss']:.2g} where guessing gives {view.game.guess_loss:.3g}, "
            "so the generator gets no direction"
        )

    def numbers(self, view: View) -> dict[str, float]:
        """Averages of the last steps."""
        return view.averages(
            pair_accuracy=PAIRS, discriminator_loss=LOSS, generator_loss="generator/loss"
        )
