"""What every augmentation looks like from outside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor

from soundgan.config.settings import Settings


class Augmentation(ABC):
    """A random change of images that a listener would forgive.

    Real and fake images pass through the same change, and gradients pass back through it to the
    generator, so that the discriminator cannot learn the few real images by heart and the
    generator does not learn the change. Every range set to zero leaves images as they are.

    A subclass declares ``Options`` and takes ``(options, silence)``.

    Attributes:
        silence: The level of an image where nothing is to be heard, as its codec has it.

    References:
        Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training", NeurIPS 2020.
    """

    Options: ClassVar[type[Settings]]

    def __init__(self, options: Settings, silence: float = -1.0) -> None:
        self.options = options
        self.silence = silence

    @abstractmethod
    def __call__(self, images: Tensor, stream: torch.Generator) -> Tensor:
        """Change every image by a draw of its own.

        Args:
            images: [B, C, F, T] in [-1, 1] or slightly outside; the floor is ``silence``.
            stream: CPU generator; what is taken from it depends on the shape of the images alone.

        Returns:
            New images of the same shape, device, dtype and memory format, differentiable in
            ``images``; not clamped to [-1, 1].
        """
