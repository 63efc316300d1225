"""ResNet-9 as a discriminator: five convolutions, three poolings, two residual blocks.

The trunk is the nine-layer residual classifier known from fast CIFAR-10 training. Two things
differ: the classifier's outputs become one logit, and the last pooling takes the maximum over
the whole map, which at 32 x 32 pixels is the original's 4 x 4 window and at other sizes keeps
the number of weights.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field
from torch import Tensor, nn

from soundgan.config.settings import Settings
from soundgan.errors import ConfigError
from soundgan.models.conditioning import LabelProjection, require_labels
from soundgan.models.contract import Discriminator, image_of
from soundgan.shapes import Shape

MINIMAL_SIDE = 32


class ResNet9Options(Settings):
    """Options of the discriminator."""

    width: int = Field(default=64, ge=1, le=512)
    """Channels of the first layer; the residual blocks have 2 and 8 times as many."""
    norm: Literal["none", "batch"] = "batch"
    """Normalisation; batch mixes the samples of a batch and does not go with a gradient penalty."""


class ResNet9Discriminator(Discriminator):
    """Images of at least 32 x 32 pixels, of any shape, to one logit each.

    Labels add the projection of the pooled features.

    Raises:
        ConfigError: A side of the image is below 32.
    """

    Options: ClassVar[type[Settings]] = ResNet9Options

    def __init__(self, options: ResNet9Options, shape: Shape, n_classes: int | None) -> None:
        super().__init__(shape, n_classes)
        image = image_of(shape, "resnet9")
        for name, side in (("height", image.height), ("width", image.width)):
            if side < MINIMAL_SIDE:
                raise ConfigError(
                    f"representation.{name}: {side} is too small for resnet9; "
                    f"choose at least {MINIMAL_SIDE}"
                )
        width, norm = options.width, options.norm == "batch"
        self.mixes_samples = norm
        self.features = nn.Sequential(
            _block(image.channels, width, norm=norm),
            _block(width, 2 * width, norm=norm, pool=True),
            _Residual(2 * width, norm=norm),
            _block(2 * width, 4 * width, norm=norm, pool=True),
            _block(4 * width, 8 * width, norm=norm, pool=True),
            _Residual(8 * width, norm=norm),
        )
        self.to_logit = nn.Linear(8 * width, 1)
        self.projection = LabelProjection(8 * width, n_classes) if n_classes else None

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Logits [B, 1] for images [B, C, F, T]; higher means more real."""
        pooled = self.features(x).amax(dim=(2, 3))
        logits: Tensor = self.to_logit(pooled)
        if self.projection is not None:
            logits = logits + self.projection(pooled, require_labels(labels))
        return logits


class _Residual(nn.Module):
    """Two blocks and a way around them."""

    def __init__(self, channels: int, *, norm: bool) -> None:
        super().__init__()
        self.blocks = nn.Sequential(
            _block(channels, channels, norm=norm), _block(channels, channels, norm=norm)
        )

    def forward(self, hidden: Tensor) -> Tensor:
        around: Tensor = hidden + self.blocks(hidden)
        return around


def _block(c_in: int, c_out: int, *, norm: bool, pool: bool = False) -> nn.Sequential:
    """3 x 3 convolution, normalisation, rectifier and, if asked for, 2 x 2 maximum pooling."""
    layers: list[nn.Module] = [nn.Conv2d(c_in, c_out, 3, padding=1)]
    if norm:
        layers.append(nn.BatchNorm2d(c_out))
    # Not in place: the way around still needs the block's input.
    layers.append(nn.ReLU())
    if pool:
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers)
