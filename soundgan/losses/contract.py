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

    Options: ClassVar[type[Settings]] = Settings
    """Those of the loss; none unless it declares some."""
    options: Settings
    generator_needs_real: ClassVar[bool] = False
    """Whether :meth:`generator` compares against real logits (relativistic losses)."""

    penalises: bool = False
    """Whether :meth:`penalty` gives one, on the discriminator's gradient; it then needs a
    discriminator that judges every sample alone, or in groups."""

    penalty_share: float = 1.0
    """Part of the batch that :meth:`penalty` is given; batches are random, so any part is."""

    penalty_passes: int = 1
    """Images whose gradient :meth:`penalty` takes, for each it is given."""

    def __init__(self, options: Settings) -> None:
        self.options = options

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
        progress: float = 0.0,
    ) -> Tensor | None:
        """A weighted scalar added to the discriminator's loss, or ``None`` when there is none.

        Args:
            discriminator: Images [B, C, F, T] to logits [B, P], labels already bound.
            real: X of real clips, [B, *shape].
            fake: X of generated ones without gradient, [B, *shape].
            stream: CPU generator for what the penalty draws.
            progress: Share of the run that is done, in [0, 1], for weights with a schedule.
        """
        return None
