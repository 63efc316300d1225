"""Fully connected networks, for x of any shape, without any idea of neighbouring pixels."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor, nn

from soundgan.config.settings import Settings
from soundgan.models.conditioning import LatentCode
from soundgan.models.contract import Discriminator, Generator
from soundgan.shapes import Shape

FACTORS = (1, 2, 4, 8)
"""Widths of the generator's four blocks, in multiples of ``hidden``."""


class MLPGeneratorOptions(Settings):
    """Options of the generator."""

    latent_dim: int = Field(default=100, ge=1, le=4096)
    """Length of the latent."""
    hidden: int = Field(default=128, ge=1, le=4096)
    """Width of the first block; the others have 2, 4 and 8 times as many units."""
    label_dim: int = Field(default=0, ge=0, le=4096)
    """Entries of the learned vector of a label; 0 = one-hot."""


class MLPDiscriminatorOptions(Settings):
    """Options of the discriminator."""

    hidden: int = Field(default=128, ge=1, le=4096)
    """Width of the last block; the others have 8, 4 and 2 times as many units."""
    label_dim: int = Field(default=0, ge=0, le=4096)
    """Entries of the learned vector of a label; 0 = one-hot."""


class MLPGenerator(Generator):
    """Linear, batch norm and rectifier, four times; a linear image layer; sigmoid to [-1, 1].

    In training mode a batch needs at least two samples, which the batch norm compares.
    """

    Options: ClassVar[type[Settings]] = MLPGeneratorOptions

    def __init__(self, options: MLPGeneratorOptions, shape: Shape, n_classes: int | None) -> None:
        super().__init__(shape, n_classes)
        self.latent_dim = options.latent_dim
        self.code = LatentCode(options.latent_dim, n_classes, options.label_dim)
        widths = [self.code.dim, *(factor * options.hidden for factor in FACTORS)]
        layers: list[nn.Module] = []
        for c_in, c_out in pairwise(widths):
            # The batch norm's own shift makes a bias idle.
            layers += [nn.Linear(c_in, c_out, bias=False), nn.BatchNorm1d(c_out), nn.ReLU()]
        self.blocks = nn.Sequential(*layers)
        self.to_image = nn.Linear(widths[-1], math.prod(shape))

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """X [B, *shape] for latents [B, Z] and, when conditional, int64 labels [B]."""
        pixels = torch.sigmoid(self.to_image(self.blocks(self.code(z, labels))))
        return (2 * pixels - 1).view(-1, *self.shape)


class MLPDiscriminator(Discriminator):
    """The generator mirrored: linear and leaky rectifier, four times, from pixels to one logit."""

    Options: ClassVar[type[Settings]] = MLPDiscriminatorOptions

    def __init__(
        self, options: MLPDiscriminatorOptions, shape: Shape, n_classes: int | None
    ) -> None:
        super().__init__(shape, n_classes)
        self.code = LatentCode(math.prod(shape), n_classes, options.label_dim)
        widths = [self.code.dim, *(factor * options.hidden for factor in reversed(FACTORS))]
        layers: list[nn.Module] = []
        for c_in, c_out in pairwise(widths):
            layers += [nn.Linear(c_in, c_out), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Linear(widths[-1], 1))

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Logits [B, 1] for x [B, *shape]; higher means more real."""
        logits: Tensor = self.layers(self.code(x.flatten(1), labels))
        return logits
