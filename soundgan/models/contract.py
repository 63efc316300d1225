"""What every generator and discriminator looks like from outside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from torch import Tensor, nn

from soundgan.config.settings import Settings
from soundgan.shapes import ImageSpec


class Generator(nn.Module, ABC):
    """Latents [B, Z] (and labels [B]) to images [B, C, F, T] in [-1, 1].

    A subclass declares ``Options`` and takes ``(options, image, n_classes)``; ``n_classes`` is
    ``None`` for an unconditional network. Weights are drawn from torch's global generator, which
    the caller seeds.

    Attributes:
        latent_dim: Z.
        n_classes: Number of labels, or ``None``.
    """

    Options: ClassVar[type[Settings]]
    latent_dim: int

    def __init__(self, image: ImageSpec, n_classes: int | None) -> None:
        super().__init__()
        self.image = image
        self.n_classes = n_classes

    @abstractmethod
    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images [B, C, F, T] for latents [B, Z] and, when conditional, int64 labels [B]."""


class Discriminator(nn.Module, ABC):
    """Images [B, C, F, T] (and labels [B]) to logits [B, P], one column per patch judged.

    Attributes:
        n_classes: Number of labels, or ``None``.
        mixes_samples: Whether in training mode a logit depends on the rest of the batch, as with
            batch norm: real and fake images must then be judged in batches of their own, and a
            gradient penalty is wrong.
        group: Consecutive images that are judged together (minibatch standard deviation); 1 when
            each is judged alone. Batches are whole groups, and a gradient penalty is of groups.
    """

    Options: ClassVar[type[Settings]]
    mixes_samples: bool = False
    group: int = 1

    def __init__(self, image: ImageSpec, n_classes: int | None) -> None:
        super().__init__()
        self.image = image
        self.n_classes = n_classes

    @abstractmethod
    def forward(self, image: Tensor, labels: Tensor | None = None) -> Tensor:
        """Logits [B, P]; higher means more real."""
