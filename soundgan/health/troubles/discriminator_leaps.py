"""Gradient spikes: the discriminator's gradients are so large that a step would leave the game."""

from __future__ import annotations

from collections.abc import Mapping

from soundgan.health.remedies import RollBackSteadily, SteadyDiscriminator
from soundgan.health.troubles.contract import UpdateTrouble


class DiscriminatorLeaps(UpdateTrouble):
    """Gradient norm > 20 × the usual one, three steps in a row.

    The usual one is the upper decile of the last 200 norms (see :mod:`soundgan.health.signals`).
    Measured on the ResNet-9 original with equal learning rates, whose game is even at a tenth of
    the rate (``docs/health.md``); in healthy games such a gradient comes alone. A discriminator
    that is fooled at last has such gradients too and needs them: from the third on they are
    applied, and if it really explodes, its logits or its penalty will tell.

    References:
        Heusel et al., "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash
        Equilibrium", NeurIPS 2017: the two networks want different rates.
    """

    name = "discriminator-leaps"
    summary = "three gradients of the discriminator in a row are over 20 times their usual size"
    happened = "the discriminator leapt"
    ladder = (RollBackSteadily(), RollBackSteadily(), SteadyDiscriminator())
    fatal = False

    def holds(self, refused: Mapping[str, float]) -> bool:
        """The discriminator's gradient is among them; the generator's alone says nothing of it."""
        return "discriminator/gradient_norm" in refused

    def tell(self, sentence: str) -> str:
        """With who leaps before it."""
        return f"the discriminator leaps: {sentence}"
