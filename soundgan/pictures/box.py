"""Rectangles of pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundgan.errors import UsageError


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels; ``right`` and ``bottom`` are the first outside.

    Attributes:
        left: First column.
        top: First row.
        right: Column after the last.
        bottom: Row after the last.
    """

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top

    def of(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The part of a picture [H, W, C] that lies in it."""
        return rgb[self.top : self.bottom, self.left : self.right]

    def __str__(self) -> str:
        return f"{self.left},{self.top},{self.right},{self.bottom}"


def named_box(text: str, *, width: int, height: int) -> Box:
    """The part of a picture that a user names as ``left,top,right,bottom``.

    Raises:
        UsageError: Not four whole numbers, or not a part of the picture.
    """
    parts = text.split(",")
    if len(parts) != 4 or not all(part.strip().isdecimal() for part in parts):
        raise UsageError(f"`crop={text}`: give auto, none, or left,top,right,bottom in pixels")
    left, top, right, bottom = (int(part) for part in parts)
    if not (left < right <= width and top < bottom <= height):
        raise UsageError(f"`crop={text}`: no part of a picture of {width} x {height} pixels")
    return Box(left, top, right, bottom)


def far_from(
    rgb: NDArray[np.uint8], colour: NDArray[np.int16], tolerance: int
) -> NDArray[np.bool_]:
    """Which pixels [H, W] differ from a colour by more than ``tolerance`` in any channel."""
    low, high = colour - tolerance, colour + tolerance
    far = np.zeros(rgb.shape[:2], np.bool_)
    for channel in range(3):
        values = rgb[:, :, channel]
        far |= (values < low[channel]) | (values > high[channel])
    return far
