"""Relativistic pairing loss with zero-centred gradient penalties (R1 and R2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from soundgan.config.settings import Settings
from soundgan.losses.contract import AdversarialLoss
from soundgan.losses.zero_centred import squared_slope


class RelativisticOptions(Settings):
    """Options of the relativistic loss."""

    gamma: float = Field(default=1.0, ge=0.0, le=1e6)
    """Weight of the gradient penalties R1 + R2 at the start of the run, halved as usual; should
    grow with the pixels of an image; 0 = no penalty."""
    final_gamma: float = Field(default=1.0, ge=0.0, le=1e6)
    """Weight at the end; in between it moves geometrically."""
    penalty_share: float = Field(default=0.25, gt=0.0, le=1.0)
    """Part of every batch that the gradient penalties are taken on."""


class Relativistic(AdversarialLoss):
    """Compares each real clip with one generated clip; D wants the real one higher.

    D: mean softplus(D(fake) - D(real)) + gamma / 2 (R1 + R2); G: mean softplus(D(real) - D(fake)).
    Both are log 2 = 0.693 where D cannot tell. Only differences count: D's logits may drift.

    References:
        Jolicoeur-Martineau, "The relativistic discriminator", ICLR 2019; Huang et al., "The GAN is
        dead; long live the GAN! A Modern GAN Baseline" (R3GAN), NeurIPS 2024, eq. 1-3.
    """

    Options: ClassVar[type[Settings]] = RelativisticOptions
    options: RelativisticOptions
    generator_needs_real: ClassVar[bool] = True

    def __init__(self, options: RelativisticOptions) -> None:
        super().__init__(options)
        self.penalises = options.gamma > 0
        self.penalty_share = options.penalty_share
        self.penalty_passes = 2

    def discriminator(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Falls as real logits rise above those of their generated partners."""
        return functional.softplus(fake_logits - real_logits).mean()

    def generator(self, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
        """Falls as generated logits rise above those of their real partners.

        Raises:
            ValueError: No real logits.
        """
        if real_logits is None:
            raise ValueError("the relativistic loss compares: it needs real logits")
        return functional.softplus(real_logits - fake_logits).mean()

    def penalty(
        self,
        discriminator: Callable[[Tensor], Tensor],
        real: Tensor,
        fake: Tensor,
        stream: torch.Generator,
        progress: float = 0.0,
    ) -> Tensor | None:
        """Gamma / 2 (R1 + R2): squared gradients at real and at generated clips."""
        if not self.penalises:
            return None
        slopes = squared_slope(discriminator, real) + squared_slope(discriminator, fake)
        return self.weight(progress) / 2 * slopes

    def weight(self, progress: float) -> float:
        """Gamma at this share of the run; the end is reached in a straight line if it is 0."""
        start, end = self.options.gamma, self.options.final_gamma
        if end == 0:
            return start * (1 - progress)
        return float(start * (end / start) ** progress)
