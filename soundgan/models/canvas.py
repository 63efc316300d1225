"""The grid that a ladder works on inside: patches of pixels as channels, sides that halve evenly.

An image of 512 x 512 in patches of 4 x 4 is 128 x 128 pixels of 16 channels, and costs a ladder
what an image of 128 x 128 does. A side that does not halve evenly is continued by silence, which
a generator draws and cuts off again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from soundgan.errors import ConfigError
from soundgan.shapes import ImageSpec

Side = Annotated[int, Field(ge=1, le=32)]
"""Of a patch, pixels."""

SILENCE = -1.0
"""Of what lies beyond the image: the floor of its levels."""

LEAST = 4
"""Rows or columns of the smallest grid, on its shorter side."""


class Canvas:
    """An image as a ladder sees it.

    Attributes:
        image: Size of the image.
        patch: Rows and columns of pixels that are one pixel inside.
        grid: Rows and columns of the smallest grid, 4 to 7 on the shorter side.
        doublings: From there to the largest.
        channels: Of the image inside.
        basis: The cosines that these channels are [p q, p q], where they are not pixels.
    """

    def __init__(
        self,
        image: ImageSpec,
        name: str,
        patch: Sequence[int] = (1, 1),
        *,
        cosines: bool = False,
    ) -> None:
        """Divide the image.

        Args:
            image: Its size.
            name: The architecture's, for messages.
            patch: Rows and columns of a patch.
            cosines: Whether the channels of a patch are not its pixels but how much of each
                cosine it has, the mean first.

        Raises:
            ConfigError: A side is shorter than eight patches.
        """
        self.image = image
        self.patch = patch[0], patch[1]
        self.basis = cosine_basis(self.patch) if cosines and self.patch != (1, 1) else None
        sides = {"height": image.height, "width": image.width}
        for (side_name, side), pixels in zip(sides.items(), self.patch, strict=True):
            if side < 2 * LEAST * pixels:
                patches = f" with patches of {pixels} pixels" if pixels > 1 else ""
                raise ConfigError(
                    f"representation.{side_name}: {side} is too little for {name}{patches}; "
                    f"choose {2 * LEAST * pixels} or more"
                )
        rows, columns = -(-image.height // self.patch[0]), -(-image.width // self.patch[1])
        self.doublings = (min(rows, columns) // LEAST).bit_length() - 1
        unit = 1 << self.doublings
        self.grid = -(-rows // unit), -(-columns // unit)
        self.channels = image.channels * self.patch[0] * self.patch[1]

    @property
    def inside(self) -> tuple[int, int]:
        """Rows and columns of the largest grid."""
        return self.grid[0] << self.doublings, self.grid[1] << self.doublings

    @property
    def _beyond(self) -> tuple[int, int]:
        """Rows and columns of the largest grid that lie beyond the image, in its pixels."""
        (rows, columns), (down, across) = self.inside, self.patch
        return rows * down - self.image.height, columns * across - self.image.width

    def cut(self, image: Tensor) -> Tensor:
        """Patches [B, C p q, F', T'] of images [B, C, F, T], silence beyond them."""
        beyond = self._beyond
        if any(beyond):
            image = functional.pad(image, (0, beyond[1], 0, beyond[0]), value=SILENCE)
        if self.patch == (1, 1):
            return image
        n, channels, height, width = image.shape
        down, across = self.patch
        apart = image.view(n, channels, height // down, down, width // across, across)
        # Channels innermost in memory, as convolutions want them.
        together = apart.permute(0, 2, 4, 1, 3, 5).flatten(4)
        if self.basis is not None:
            together = together @ self.basis.to(image).T
        return together.flatten(3).permute(0, 3, 1, 2)

    def joined(self, patches: Tensor) -> Tensor:
        """Images [B, C, F, T] of patches [B, C p q, F', T']; what lies beyond is cut off."""
        image = patches if self.patch == (1, 1) else self._tiled(patches)
        if any(self._beyond):
            image = image[:, :, : self.image.height, : self.image.width].contiguous()
        return image

    def _tiled(self, patches: Tensor) -> Tensor:
        n, _, rows, columns = patches.shape
        if self.basis is not None:
            bands = patches.view(n, self.image.channels, -1, rows, columns).movedim(2, -1)
            patches = (bands @ self.basis.to(patches)).movedim(-1, 2).flatten(1, 2)
        apart = patches.view(n, self.image.channels, *self.patch, rows, columns)
        tiles = apart.permute(0, 1, 4, 2, 5, 3)
        return tiles.reshape(n, self.image.channels, rows * self.patch[0], columns * self.patch[1])


def cosine_basis(patch: tuple[int, int]) -> Tensor:
    """Cosines over a patch of p x q, orthonormal [p q, p q]: one a row, its pixels row by row."""
    rows, columns = (_cosines(n) for n in patch)
    return torch.kron(rows, columns)


def _cosines(n: int) -> Tensor:
    """The cosine transform DCT-II of n values, orthonormal [n, n], the mean first."""
    place = torch.arange(n, dtype=torch.float64)
    waves = torch.cos(torch.pi / n * place[:, None] * (place + 0.5))
    waves = waves * (2 / n) ** 0.5
    waves[0] = n**-0.5
    rounded: Tensor = waves.float()
    return rounded
