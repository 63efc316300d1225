"""Wasserstein loss with a gradient penalty (WGAN-GP)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor

from soundgan.config.settings import Settings
from soundgan.losses.contract import AdversarialLoss


class WassersteinOptions(Settings):
    """Options of the Wasserstein loss."""

    gradient_penalty: float = Field(default=10.0, ge=0.0, le=1e6)
    """Weight of the penalty on gradient norms other than 1; 0 = no penalty."""


class Wasserstein(AdversarialLoss):
    """D: mean fake - mean real, kept 1-Lipschitz by the gradient penalty; G: -mean fake.

    The penalty is per sample: a discriminator with batch norm mixes the samples of a batch, and
    its gradients are not those of one sample. Give such a discriminator another loss, or
    ``norm = "none"``.

    References:
        Gulrajani et al., "Improved Training of Wasserstein GANs", NeurIPS 2017, eq. 3.
    """

    Options: ClassVar[type[Settings]] = WassersteinOptions
    options: WassersteinOptions

    def __init__(self, options: WassersteinOptions) -> None:
        super().__init__(options)
        self.penalises = options.gradient_penalty > 0

    def discriminator(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Minus the estimated distance between real and generated clips."""
        return fake_logits.mean() - real_logits.mean()

    def generator(self, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
        """Shortens the estimated distance."""
        return -fake_logits.mean()

    def penalty(
        self,
        discriminator: Callable[[Tensor], Tensor],
        real: Tensor,
        fake: Tensor,
        stream: torch.Generator,
        progress: float = 0.0,
    ) -> Tensor | None:
        """Mean of (|gradient| - 1)^2, weighted, at random points between real and fake ones."""
        if self.options.gradient_penalty == 0:
            return None
        mix = torch.rand(len(real), *[1] * (real.dim() - 1), generator=stream).to(real)
        between = torch.lerp(fake, real, mix).detach().requires_grad_()
        # A sample's critic value is the mean of its patch logits, as in the loss itself.
        values = discriminator(between).mean(dim=1)
        (slope,) = torch.autograd.grad(values.sum(), between, create_graph=True)
        # A norm is not differentiable at zero, where a fresh critic can be: the epsilon is below
        # float32 resolution anywhere else.
        norm = (slope.flatten(1).square().sum(dim=1) + 1e-12).sqrt()
        return self.options.gradient_penalty * (norm - 1).square().mean()
