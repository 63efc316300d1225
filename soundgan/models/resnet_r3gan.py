"""Residual blocks without normalisation, for the relativistic loss with gradient penalties.

What normalisation does elsewhere is done here by the first weights: every block starts as the
identity, so that depth does not change the scale of what runs through.

References:
    Huang, Gokaslan, Kuleshov, Tompkin, "The GAN is dead; long live the GAN! A Modern Baseline
    GAN", NeurIPS 2024; first weights after Zhang, Dauphin, Ma, "Fixup Initialization", ICLR 2019.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import ClassVar

import torch
from pydantic import Field, ValidationInfo, field_validator
from torch import Tensor, nn
from torch.nn import functional

from soundgan.config.settings import Settings
from soundgan.models.canvas import Canvas, Side
from soundgan.models.conditioning import LabelProjection, LatentCode, require_labels
from soundgan.models.contract import Discriminator, Generator, image_of
from soundgan.models.ladder import channel_counts
from soundgan.models.resampling import double, halve
from soundgan.shapes import Shape

NAME = "resnet_r3gan"

SLOPE = 0.2
"""Of every leaky rectifier below zero."""

RECTIFIER_GAIN = math.sqrt(2 / (1 + SLOPE**2))
"""Makes up for the scale that a leaky rectifier takes."""


class ResNetOptions(Settings):
    """What generator and discriminator have in common."""

    width: int = Field(default=32, ge=1, le=1024)
    """Channels at the size of the image; they double with each halving."""
    max_channels: int = Field(default=256, ge=1, le=65536)
    """No stage is wider than this."""
    blocks: int = Field(default=1, ge=1, le=16)
    """Residual blocks of each size."""
    expansion: int = Field(default=1, ge=1, le=8)
    """Channels inside a block, as a multiple of those around it."""
    groups: int = Field(default=0, ge=0, le=1024)
    """Channels per group of the 3 x 3 convolutions; 0 = dense, and faster on CPUs."""
    patch: list[Side] = Field(default_factory=lambda: [1, 1], min_length=2, max_length=2)
    """Rows and columns of pixels that are one pixel of many channels inside."""

    @field_validator("groups")
    @classmethod
    def _divides_every_stage(cls, groups: int, info: ValidationInfo) -> int:
        known = info.data  # lacks the fields that are wrong themselves
        if groups and {"width", "max_channels", "expansion"} <= known.keys():
            for narrow in (min(known["width"], known["max_channels"]), known["max_channels"]):
                inside = narrow * known["expansion"]
                if inside % groups:
                    raise ValueError(
                        f"{groups} does not divide the {inside} channels inside a block; "
                        "choose a divisor, or 0 for dense convolutions"
                    )
        return groups


class ResNetGeneratorOptions(ResNetOptions):
    """Options of the generator."""

    latent_dim: int = Field(default=64, ge=1, le=4096)
    """Length of the latent."""
    label_dim: int = Field(default=64, ge=0, le=4096)
    """Entries of the learned vector of a label; 0 = one-hot."""


class ResNetGenerator(Generator):
    """Latent and label weigh a learned basis of small maps, which stages double and refine.

    The maps are 4 to 7 on the shorter side of the image and keep its proportions. The output is
    linear: it reaches silence exactly, and lies slightly outside [-1, 1] now and then.

    Raises:
        ConfigError: A side of the image is shorter than eight patches.
    """

    Options: ClassVar[type[Settings]] = ResNetGeneratorOptions

    def __init__(
        self, options: ResNetGeneratorOptions, shape: Shape, n_classes: int | None
    ) -> None:
        super().__init__(shape, n_classes)
        image = image_of(shape, NAME)
        self.latent_dim = options.latent_dim
        self.code = LatentCode(options.latent_dim, n_classes, options.label_dim)
        self.canvas = Canvas(image, NAME, options.patch)
        widths = channel_counts(options.width, self.canvas.doublings + 1, options.max_channels)[
            ::-1
        ]
        self.basis = nn.Parameter(torch.randn(widths[0], *self.canvas.grid))
        self.weigh = nn.Linear(self.code.dim, widths[0], bias=False)
        self.transitions = nn.ModuleList(_transition(*pair) for pair in pairwise(widths))
        self.stages = nn.ModuleList(_stage(width, options) for width in widths)
        self.to_image = nn.Conv2d(widths[-1], self.canvas.channels, 1)
        _fixup(self)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images [B, C, F, T] for latents [B, Z] and, when conditional, int64 labels [B]."""
        weights = self.weigh(self.code(z, labels))
        hidden = self.stages[0](weights[:, :, None, None] * self.basis)
        for transition, stage in zip(self.transitions, self.stages[1:], strict=True):
            hidden = stage(double(transition(hidden)))
        return self.canvas.joined(self.to_image(hidden))


class ResNetDiscriminator(Discriminator):
    """The generator in reverse: stages refine and halve, a learned basis reads the last maps.

    Labels are projected onto what was read. Every image is judged alone.

    Raises:
        ConfigError: A side of the image is shorter than eight patches.
    """

    Options: ClassVar[type[Settings]] = ResNetOptions

    def __init__(self, options: ResNetOptions, shape: Shape, n_classes: int | None) -> None:
        super().__init__(shape, n_classes)
        image = image_of(shape, NAME)
        self.canvas = Canvas(image, NAME, options.patch)
        grid = self.canvas.grid
        widths = channel_counts(options.width, self.canvas.doublings + 1, options.max_channels)
        n_features = widths[-1]
        self.from_image = nn.Conv2d(self.canvas.channels, widths[0], 1)
        self.stages = nn.ModuleList(_stage(width, options) for width in widths)
        self.transitions = nn.ModuleList(_transition(*pair) for pair in pairwise(widths))
        self.basis = nn.Parameter(torch.randn(n_features, *grid) / math.sqrt(math.prod(grid)))
        self.to_logit = nn.Linear(n_features, 1)
        _fixup(self)
        self.projection = LabelProjection(n_features, n_classes) if n_classes else None

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Logits [B, 1] for images [B, C, F, T]; higher means more real."""
        hidden = self.stages[0](self.from_image(self.canvas.cut(x)))
        for transition, stage in zip(self.transitions, self.stages[1:], strict=True):
            hidden = stage(transition(halve(hidden)))
        features = (hidden * self.basis).sum(dim=(2, 3))
        logits: Tensor = self.to_logit(features)
        if self.projection is not None:
            logits = logits + self.projection(features, require_labels(labels))
        return logits


class _Residual(nn.Module):
    """1 x 1, 3 x 3 and 1 x 1 convolution, rectified between, and a way around them."""

    def __init__(self, channels: int, options: ResNetOptions) -> None:
        super().__init__()
        inside = channels * options.expansion
        n_groups = inside // options.groups if options.groups else 1
        self.widen = nn.Conv2d(channels, inside, 1)
        self.mix = nn.Conv2d(inside, inside, 3, padding=1, groups=n_groups)
        self.narrow = nn.Conv2d(inside, channels, 1, bias=False)

    def forward(self, hidden: Tensor) -> Tensor:
        inside = functional.leaky_relu(self.widen(hidden), SLOPE, inplace=True)
        inside = functional.leaky_relu(self.mix(inside), SLOPE, inplace=True)
        around: Tensor = hidden + self.narrow(inside)
        return around


def _stage(channels: int, options: ResNetOptions) -> nn.Sequential:
    return nn.Sequential(*(_Residual(channels, options) for _ in range(options.blocks)))


def _transition(c_in: int, c_out: int) -> nn.Module:
    return nn.Identity() if c_in == c_out else nn.Conv2d(c_in, c_out, 1, bias=False)


def _fixup(network: nn.Module) -> None:
    """Draw the weights so that a network of any depth starts with outputs and updates of one size.

    The last convolution of each of L blocks is zero; the two others are L^(-1/4) of what keeps
    their input's scale; layers outside of blocks keep it.
    """
    blocks = [module for module in network.modules() if isinstance(module, _Residual)]
    inner = RECTIFIER_GAIN * len(blocks) ** -0.25
    gains: dict[nn.Module, float] = {}
    for block in blocks:
        gains |= {block.widen: inner, block.mix: inner, block.narrow: 0.0}
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            fan_in = layer.weight[0].numel()
            nn.init.normal_(layer.weight, 0.0, gains.get(layer, 1.0) / math.sqrt(fan_in))
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
