"""What every adversarial loss looks like from outside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

import torch
from torch import Tensor

from soundgan.config.settings import Settings


class AdversarialLoss(ABC):
    """The two objectives of the game, as functions of logits [B, P], each a scalar to minimise."""

    Options: ClassVar[type[Settings]]
    generator_needs_real: ClassVar[bool] = False
    """Whether :meth:`generator` compares against real logits (relativistic losses)."""

    penalises: bool = False
    """Whether :meth:`penalty` gives one; it then needs a discriminator that judges every sample
    alone."""

    @abstractmethod
    def discriminator(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """The discriminator's loss, without penalty."""

    @abstractmethod
    def generator(self, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
        """The generator's loss."""

    def penalty(
        self,
        discriminator: Callable[[Tensor], Tensor],
        real: Tensor,
        fake: Tensor,
        stream: torch.Generator,
    ) -> Tensor | None:
        """A weighted scalar added to the discriminator's loss, or ``None`` when there is none.

        Args:
            discriminator: Images [B, C, F, T] to logits [B, P], labels already bound.
            real: Real images, [B, C, F, T].
            fake: Generated images without gradient, [B, C, F, T].
            stream: CPU generator for what the penalty draws.
        """
        return None
