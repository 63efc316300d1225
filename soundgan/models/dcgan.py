"""A ladder of strided convolutions: down in the discriminator, up in the generator.

References:
    Radford, Metz, Chintala, "Unsupervised Representation Learning with Deep Convolutional
    Generative Adversarial Networks", ICLR 2016; the projection head follows Miyato, Koyama,
    "cGANs with Projection Discriminator", ICLR 2018.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from soundgan.config.settings import Settings
from soundgan.models.conditioning import LabelProjection, LatentCode, require_labels
from soundgan.models.contract import Discriminator, Generator, image_of
from soundgan.models.ladder import channel_counts, exponents, he_init
from soundgan.models.norms import ConditionalBatchNorm
from soundgan.models.spectral_norm import spectral
from soundgan.models.transposed import TransposedConv
from soundgan.shapes import Shape

SLOPE = 0.2
"""Of every leaky rectifier below zero."""

Norm = Literal["none", "batch", "conditional_batch"]


class DCGANGeneratorOptions(Settings):
    """Options of the generator."""

    latent_dim: int = Field(default=100, ge=1, le=4096)
    """Length of the latent."""
    width: int = Field(default=128, ge=1, le=1024)
    """Channels of the last hidden layer; they double towards the 4 x 4 start."""
    max_channels: int = Field(default=0, ge=0, le=65536)
    """No layer is wider than this; 0 = no limit."""
    norm: Norm = "none"
    """Of hidden layers; conditional_batch takes gain and bias from latent and label."""
    label_dim: int = Field(default=0, ge=0, le=4096)
    """Entries of the learned vector of a label; 0 = one-hot."""
    bias: bool = False
    """Whether convolutions have biases (hidden layers only where nothing normalises them)."""
    init_std: float = Field(default=0.02, ge=0.0, le=1.0)
    """Standard deviation of the first weights; 0 = by fan-in (He), for widths far below 128."""


class DCGANDiscriminatorOptions(Settings):
    """Options of the discriminator."""

    width: int = Field(default=128, ge=1, le=1024)
    """Channels of the first layer; they double with each halving of the image."""
    max_channels: int = Field(default=0, ge=0, le=65536)
    """No layer is wider than this; 0 = no limit."""
    head: Literal["patch", "projection"] = "patch"
    """patch: a logit per 4 x 4 window of the last map; projection: one logit per image."""
    spectral_norm: bool = False
    """Whether every weight is divided by its largest singular value."""
    bias: bool = False
    """Whether convolutions have biases."""
    init_std: float = Field(default=0.02, ge=0.0, le=1.0)
    """Standard deviation of the first weights; 0 = by fan-in (He), for widths far below 128."""


class DCGANGenerator(Generator):
    """Transposed convolutions from 1 x 1 through 4 x 4 to the image; leaky rectifiers, tanh.

    A rectangle stretches its longer side directly after 4 x 4, where a stage costs least.

    Raises:
        ConfigError: A side of the image is not a power of two, or below 8.
    """

    Options: ClassVar[type[Settings]] = DCGANGeneratorOptions

    def __init__(self, options: DCGANGeneratorOptions, shape: Shape, n_classes: int | None) -> None:
        super().__init__(shape, n_classes)
        image = image_of(shape, "dcgan")
        self.latent_dim = options.latent_dim
        self.code = LatentCode(options.latent_dim, n_classes, options.label_dim)
        short, long = exponents(image, "dcgan")
        widths = channel_counts(options.width, short - 2, options.max_channels)[::-1]
        stretch = ((4, 3), (2, 1), 1) if image.height > image.width else ((3, 4), (1, 2), 1)

        up = partial(_Up, options=options, code_dim=self.code.dim)
        stages = [up(self.code.dim, widths[0], 4, 1, 0)]
        stages += [up(widths[0], widths[0], *stretch) for _ in range(long - short)]
        stages += [up(*pair, 4, 2, 1) for pair in pairwise(widths)]
        self.stages = nn.ModuleList(stages)
        self.to_image = TransposedConv(widths[-1], image.channels, 4, 2, 1, bias=options.bias)
        he_init(self, SLOPE, options.init_std)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images [B, C, F, T] for latents [B, Z] and, when conditional, int64 labels [B]."""
        code = self.code(z, labels)
        hidden = code[:, :, None, None]
        for stage in self.stages:
            hidden = stage(hidden, code)
        return torch.tanh(self.to_image(hidden))


class DCGANDiscriminator(Discriminator):
    """Strided convolutions to a last map and a head; leaky rectifiers, no norm of activations.

    Samples of a batch never meet, so that a gradient penalty is right. Head ``patch`` halves the
    image until its shorter side is 8 and slides a 4 x 4 window over that map; labels add the
    projection of the map's mean. Head ``projection`` halves once more, reads the whole map with
    one convolution, and adds the label projection of what it read.

    Raises:
        ConfigError: A side of the image is not a power of two, or below 8.
    """

    Options: ClassVar[type[Settings]] = DCGANDiscriminatorOptions

    def __init__(
        self, options: DCGANDiscriminatorOptions, shape: Shape, n_classes: int | None
    ) -> None:
        super().__init__(shape, n_classes)
        image = image_of(shape, "dcgan")
        whole = options.head == "projection"
        halvings = max(1, exponents(image, "dcgan")[0] - (2 if whole else 3))
        widths = [image.channels, *channel_counts(options.width, halvings, options.max_channels)]
        n_features = widths[-1]
        last_map = (image.height >> halvings, image.width >> halvings)

        convolution = partial(nn.Conv2d, bias=options.bias)
        layers = [convolution(*pair, 4, 2, 1) for pair in pairwise(widths)]
        if whole:
            layers.append(convolution(n_features, n_features, last_map))
        self.layers = nn.ModuleList(layers)
        self.to_logits = convolution(n_features, 1, 1 if whole else 4)
        he_init(self, SLOPE, options.init_std)
        if options.spectral_norm:
            for layer in (*self.layers, self.to_logits):
                spectral(layer)
        self.projection = (
            LabelProjection(n_features, n_classes, spectral_norm=options.spectral_norm)
            if n_classes
            else None
        )

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Logits [B, P] for images [B, C, F, T]; higher means more real."""
        hidden = x
        for layer in self.layers:
            hidden = functional.leaky_relu(layer(hidden), SLOPE, inplace=True)
        logits: Tensor = self.to_logits(hidden).flatten(1)
        if self.projection is not None:
            logits = logits + self.projection(hidden.mean(dim=(2, 3)), require_labels(labels))
        return logits


class _Up(nn.Module):
    """One stage of the generator: transposed convolution, normalisation, leaky rectifier."""

    def __init__(
        self,
        c_in: int,
        c_out: int,
        kernel: int | tuple[int, int],
        stride: int | tuple[int, int],
        padding: int,
        *,
        options: DCGANGeneratorOptions,
        code_dim: int,
    ) -> None:
        super().__init__()
        bias = options.bias and options.norm == "none"
        self.convolution = TransposedConv(c_in, c_out, kernel, stride, padding, bias=bias)
        self.norm = nn.BatchNorm2d(c_out) if options.norm == "batch" else None
        conditional = options.norm == "conditional_batch"
        self.modulation = ConditionalBatchNorm(c_out, code_dim) if conditional else None

    def forward(self, hidden: Tensor, code: Tensor) -> Tensor:
        hidden = self.convolution(hidden)
        if self.norm is not None:
            hidden = self.norm(hidden)
        if self.modulation is not None:
            hidden = self.modulation(hidden, code)
        return functional.leaky_relu(hidden, SLOPE, inplace=True)
