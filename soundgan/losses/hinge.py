"""Hinge loss: a logit beyond the margin is good enough."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

from soundgan.losses.contract import AdversarialLoss


class Hinge(AdversarialLoss):
    """D: mean max(0, 1 - real) + mean max(0, 1 + fake); G: -mean fake.

    References:
        Lim, Ye, "Geometric GAN", 2017.
    """

    def discriminator(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Zero once every real logit is above 1 and every fake one below -1."""
        return functional.relu(1 - real_logits).mean() + functional.relu(1 + fake_logits).mean()

    def generator(self, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
        """Raises fake logits without a limit."""
        return -fake_logits.mean()
