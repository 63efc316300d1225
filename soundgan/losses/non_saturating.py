"""The original game: binary cross-entropy on logits, with the generator's labels flipped."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

from soundgan.losses.contract import AdversarialLoss


class NonSaturating(AdversarialLoss):
    """With p = sigmoid(logit), D: -mean log p(real) - mean log(1 - p(fake)); G: -mean log p(fake).

    At equilibrium every logit is 0, D's loss is 2 log 2 = 1.386 and G's is log 2 = 0.693.

    References:
        Goodfellow et al., "Generative Adversarial Nets", NeurIPS 2014, section 3.
    """

    def discriminator(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Sum, not mean, of the two cross-entropies."""
        # -log sigmoid(x) = softplus(-x), without the logarithm of a vanishing number.
        return functional.softplus(-real_logits).mean() + functional.softplus(fake_logits).mean()

    def generator(self, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
        """Keeps its slope where the discriminator is sure that a sample is fake."""
        return functional.softplus(-fake_logits).mean()
