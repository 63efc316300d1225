"""What every generator and discriminator looks like from outside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from torch import Tensor, nn

from soundgan.config.settings import Settings
from soundgan.errors import ConfigError
from soundgan.shapes import ImageSpec, Shape


class Generator(nn.Module, ABC):
    """Latents [B, Z] (and labels [B]) to x [B, *shape] in [-1, 1], as a codec decodes it.

    A subclass declares ``Options`` and takes ``(options, shape, n_classes)``; ``n_classes`` is
    ``None`` for an unconditional network. Weights are drawn from torch's global generator, which
    the caller seeds. One that draws images only takes them from :func:`image_of`.

    Attributes:
        latent_dim: Z.
        noise_dim: How many entries at the end of a latent are noise, which makes the grain of a
            sound; those before are its code.
        shape: Of one x, channels first; (C, F, T) where x is an image.
        n_classes: Number of labels, or ``None``.
    """

    Options: ClassVar[type[Settings]]
    latent_dim: int
    noise_dim: int = 0

    def __init__(self, shape: Shape, n_classes: int | None) -> None:
        super().__init__()
        self.shape = shape
        self.n_classes = n_classes

    @abstractmethod
    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """X [B, *shape] for latents [B, Z] and, when conditional, labels.

        Labels are int64 [B], or shares of the classes, float [B, classes].
        """


class Discriminator(nn.Module, ABC):
    """x [B, *shape] (and labels [B]) to logits [B, P], one column per patch judged.

    A subclass is made as a generator is.

    Attributes:
        shape: Of one x.
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

    def __init__(self, shape: Shape, n_classes: int | None) -> None:
        super().__init__()
        self.shape = shape
        self.n_classes = n_classes

    @abstractmethod
    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Logits [B, P]; higher means more real."""


def image_of(shape: Shape, name: str) -> ImageSpec:
    """The size of the images that x is, for the architecture ``name`` that knows no other x.

    Raises:
        ConfigError: It is no image.
    """
    if len(shape) != 3:
        raise ConfigError(
            f"representation: {name} is for images, channels by rows by columns, and gets "
            f"{' x '.join(map(str, shape))}; choose mlp"
        )
    return ImageSpec(*shape)
