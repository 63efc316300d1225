"""Least squares: real logits are drawn to 1, fake ones to 0."""

from __future__ import annotations

from torch import Tensor

from soundgan.losses.contract import AdversarialLoss


class LeastSquares(AdversarialLoss):
    """D: mean (real - 1)^2 / 2 + mean fake^2 / 2; G: mean (fake - 1)^2 / 2.

    References:
        Mao et al., "Least Squares Generative Adversarial Networks", ICCV 2017, eq. 9.
    """

    def discriminator(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Also punishes a real logit above 1 or a fake one below 0."""
        return ((real_logits - 1).square().mean() + fake_logits.square().mean()) / 2

    def generator(self, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
        """Draws fake logits to the value of real ones."""
        return (fake_logits - 1).square().mean() / 2
