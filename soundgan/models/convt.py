"""A small ladder of stride-2 convolutions, made for two CPU cores: under a million weights a side.

Each stage halves or doubles the image with a 4 x 4 kernel at stride 2: four multiply-adds per
output and channel pair where up-sampling followed by a 3 x 3 convolution needs nine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise, repeat
from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from soundgan.config.settings import Settings
from soundgan.models.canvas import Canvas, Side
from soundgan.models.conditioning import LabelProjection, LatentCode, require_labels
from soundgan.models.contract import Discriminator, Generator, image_of
from soundgan.models.ladder import channel_counts, he_init
from soundgan.models.minibatch_std import MinibatchStd
from soundgan.models.norms import ConditionalBatchNorm
from soundgan.models.spectral_norm import spectral
from soundgan.models.transposed import TransposedConv
from soundgan.shapes import Shape

SLOPE = 0.2
"""Of every leaky rectifier below zero."""

LEAK = 0.01
"""Slope of the generator's output outside [-1, 1]."""

FIRST_STRENGTH = 0.1
"""Of injected noise beside hidden values of about 1, before it is learned."""


class ConvTGeneratorOptions(Settings):
    """Options of the generator."""

    latent_dim: int = Field(default=64, ge=1, le=4096)
    """Length of the latent."""
    width: int = Field(default=24, ge=1, le=1024)
    """Channels of the last hidden layer; they double towards the start."""
    max_channels: int = Field(default=192, ge=1, le=65536)
    """No layer is wider than this."""
    label_dim: int = Field(default=16, ge=0, le=4096)
    """Entries of the learned vector of a label; 0 = one-hot."""
    up: Literal["transposed", "nearest"] = "transposed"
    """transposed: 4 x 4 convolution at stride 2; nearest: doubled pixels, then 3 x 3."""
    noise_injection: bool = False
    """Whether every stage also adds a map of latent noise, as in StyleGAN, for grain that no code
    can hold."""
    output: Literal["tanh", "leaky"] = "tanh"
    """leaky: linear inside [-1, 1] with slope 0.01 outside, so that silence is reached exactly."""
    patch: list[Side] = Field(default_factory=lambda: [1, 1], min_length=2, max_length=2)
    """Rows and columns of pixels that are drawn as one pixel of many channels."""
    cosines: bool = False
    """Whether those channels are the cosines of a patch rather than its pixels."""
    pixel_noise: int = Field(default=0, ge=0, le=256)
    """Maps of latent noise beside the last hidden one, for grain finer than its pixels."""


class ConvTDiscriminatorOptions(Settings):
    """Options of the discriminator."""

    width: int = Field(default=24, ge=1, le=1024)
    """Channels of the first layer; they double with each halving of the image."""
    max_channels: int = Field(default=192, ge=1, le=65536)
    """No layer is wider than this."""
    features: int = Field(default=64, ge=1, le=65536)
    """Numbers that are read off the last map, and meet the label."""
    minibatch_std: int = Field(default=4, ge=0, le=1024)
    """Images whose spread is shown to the last layers together; 0 = each is judged alone."""
    spectral_norm: bool = False
    """Whether every weight is divided by its largest singular value."""
    patch: list[Side] = Field(default_factory=lambda: [1, 1], min_length=2, max_length=2)
    """Rows and columns of pixels that are seen as one pixel of many channels."""
    cosines: bool = False
    """Whether those channels are the cosines of a patch rather than its pixels."""


class ConvTGenerator(Generator):
    """Linear to a small grid, then doubled stage by stage.

    Batch norm of every stage is modulated by latent and label. The grid is 4 to 7 on the shorter
    side of the image and keeps its proportions.

    With a ``patch`` of p x q the ladder draws an image of p q channels and a p-th of the rows and
    a q-th of the columns. Together with the patches its last layer is a transposed convolution of
    kernel 4 p x 4 q at stride 2 p x 2 q: neighbouring patches overlap.

    With ``noise_injection`` the latent goes on after its ``latent_dim`` entries with a number for
    every pixel of every hidden map. So noise need not be squeezed through the code, and a latent
    still gives one sound. Each channel learns how much of it to add (Karras et al., "A Style-Based
    Generator Architecture for GANs", CVPR 2019, section 3.2). ``pixel_noise`` more numbers for
    every pixel of the last hidden map go to the last layer beside it.

    Raises:
        ConfigError: A side of the image is shorter than eight patches.
    """

    Options: ClassVar[type[Settings]] = ConvTGeneratorOptions

    def __init__(self, options: ConvTGeneratorOptions, shape: Shape, n_classes: int | None) -> None:
        super().__init__(shape, n_classes)
        image = image_of(shape, "convt")
        self.code_dim = options.latent_dim
        self.output = options.output
        self.code = LatentCode(options.latent_dim, n_classes, options.label_dim)
        self.canvas = Canvas(image, "convt", options.patch, cosines=options.cosines)
        self.grid, doublings = self.canvas.grid, self.canvas.doublings
        widths = channel_counts(options.width, doublings, options.max_channels)[::-1]
        self.start = nn.Linear(self.code.dim, widths[0] * math.prod(self.grid))
        self.start_norm = ConditionalBatchNorm(widths[0], self.code.dim)
        self.stages = nn.ModuleList(_up(*pair, options.up) for pair in pairwise(widths))
        self.norms = nn.ModuleList(ConditionalBatchNorm(n, self.code.dim) for n in widths[1:])
        self.to_image = _up(widths[-1] + options.pixel_noise, self.canvas.channels, options.up)
        self.maps = [
            (self.grid[0] << stage, self.grid[1] << stage)
            for stage in range(len(widths) if options.noise_injection else 0)
        ]
        self.strengths = nn.ParameterList(
            torch.full((channels, 1, 1), FIRST_STRENGTH)
            for channels, _ in zip(widths, self.maps, strict=False)
        )
        last = [side << (doublings - 1) for side in self.grid]
        self.pixel_noise = options.pixel_noise, *last
        self.noise_dim = sum(map(math.prod, self.maps)) + math.prod(self.pixel_noise)
        self.latent_dim = options.latent_dim + self.noise_dim
        he_init(self, SLOPE)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images [B, C, F, T] for latents [B, Z] and, when conditional, int64 labels [B]."""
        code = self.code(z[:, : self.code_dim], labels)
        noise = self._injected(z[:, self.code_dim :])
        hidden = next(noise)(self.start(code).unflatten(1, (-1, *self.grid)))
        hidden = functional.leaky_relu(self.start_norm(hidden, code), SLOPE, inplace=True)
        for stage, norm in zip(self.stages, self.norms, strict=True):
            hidden = next(noise)(stage(hidden))
            hidden = functional.leaky_relu(norm(hidden, code), SLOPE, inplace=True)
        if self.pixel_noise[0]:
            finest = z[:, z.shape[1] - math.prod(self.pixel_noise) :]
            hidden = torch.cat([hidden, finest.reshape(-1, *self.pixel_noise)], dim=1)
        image = self.canvas.joined(self.to_image(hidden))
        if self.output == "tanh":
            return torch.tanh(image)
        inside = image.clamp(-1.0, 1.0)
        return inside + LEAK * (image - inside)

    def _injected(self, noise: Tensor) -> Iterator[Callable[[Tensor], Tensor]]:
        """What adds noise to the maps [B, C, H, W] of each stage; without injection, nothing."""
        for size, strength in zip(self.maps, self.strengths, strict=True):
            own, noise = noise.tensor_split([math.prod(size)], dim=1)
            yield partial(torch.addcmul, tensor1=own.reshape(-1, 1, *size), tensor2=strength)
        yield from repeat(lambda hidden: hidden)


class ConvTDiscriminator(Discriminator):
    """Halved stage by stage to a map of 4 to 7 on its shorter side, which one layer reads whole.

    With a ``patch`` of p x q the first layer is a convolution of kernel 4 p x 4 q at stride
    2 p x 2 q. Labels are projected onto what was read. With ``minibatch_std`` an image is judged
    within its group of consecutive images.

    Raises:
        ConfigError: A side of the image is shorter than eight patches.
    """

    Options: ClassVar[type[Settings]] = ConvTDiscriminatorOptions

    def __init__(
        self, options: ConvTDiscriminatorOptions, shape: Shape, n_classes: int | None
    ) -> None:
        super().__init__(shape, n_classes)
        image = image_of(shape, "convt")
        self.group = options.minibatch_std or 1
        self.canvas = Canvas(image, "convt", options.patch, cosines=options.cosines)
        halvings = self.canvas.doublings
        counts = channel_counts(options.width, halvings, options.max_channels)
        widths = [self.canvas.channels, *counts]
        self.stages = nn.ModuleList(nn.Conv2d(*pair, 4, 2, 1) for pair in pairwise(widths))
        self.spread = MinibatchStd(self.group) if self.group > 1 else None
        self.read = nn.Conv2d(
            widths[-1] + (self.spread is not None), options.features, self.canvas.grid
        )
        self.to_logit = nn.Conv2d(options.features, 1, 1)
        he_init(self, SLOPE)
        if options.spectral_norm:
            for layer in (*self.stages, self.read, self.to_logit):
                spectral(layer)
        self.projection = (
            LabelProjection(options.features, n_classes, spectral_norm=options.spectral_norm)
            if n_classes
            else None
        )

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Logits [B, 1] for images [B, C, F, T]; higher means more real."""
        hidden = self.canvas.cut(x)
        for stage in self.stages:
            hidden = functional.leaky_relu(stage(hidden), SLOPE, inplace=True)
        if self.spread is not None:
            hidden = self.spread(hidden)
        hidden = functional.leaky_relu(self.read(hidden), SLOPE, inplace=True)
        logits: Tensor = self.to_logit(hidden).flatten(1)
        if self.projection is not None:
            logits = logits + self.projection(hidden.flatten(1), require_labels(labels))
        return logits


def _up(c_in: int, c_out: int, kind: str) -> nn.Module:
    if kind == "transposed":
        return TransposedConv(c_in, c_out, 4, 2, 1)
    return nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(c_in, c_out, 3, padding=1))
