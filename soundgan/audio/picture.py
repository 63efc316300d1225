"""Spectrogram pictures: exact 16-bit grey ones, and coloured ones to look at.

A picture shows low frequencies at the bottom; an image [F, T] has them in row 0.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from soundgan.errors import AudioError

TEXT_KEY = "soundgan"
"""Name of the PNG text chunk that holds the metadata as JSON."""

MAX_PIXELS = 1 << 24
"""Larger pictures are not drawn, and none of ours is."""


def spectrogram_png(
    levels: NDArray[np.float32],
    *,
    metadata: Mapping[str, str] | None = None,
    colormap: str | None = None,
) -> bytes:
    """A PNG of one image; equal arguments give equal bytes.

    Args:
        levels: Image values [F, T]; clipped to [-1, 1].
        metadata: Texts for the picture's ``soundgan`` chunk.
        colormap: Name of a matplotlib colour map for an 8-bit picture to look at; 16-bit grey,
            exact to half a step in 65,535, when not given.

    Raises:
        AudioError: Not a finite image [F, T].
    """
    upright = _checked(levels)[::-1]
    if colormap is None:
        grey = np.rint((upright.astype(np.float64) + 1.0) * (65535.0 / 2)).astype(np.uint16)
        return _png(Image.fromarray(grey), metadata)
    return _png(Image.fromarray(coloured(upright, colormap)), metadata)


def rgb_png(pixels: NDArray[np.uint8], *, metadata: Mapping[str, str] | None = None) -> bytes:
    """A PNG of colours [H, W, 3] as they are; equal arguments give equal bytes."""
    return _png(Image.fromarray(np.ascontiguousarray(pixels)), metadata)


def _checked(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    """The image, clipped to its range."""
    if levels.ndim != 2 or not levels.size:
        raise AudioError(f"picture: expected an image [F, T], got {list(levels.shape)}")
    if not np.isfinite(levels).all():
        raise AudioError("picture: image is not finite")
    return np.clip(levels, -1.0, 1.0)


def coloured(levels: NDArray[np.float32], colormap: str) -> NDArray[np.uint8]:
    """Colours [H, W, 3] of values in [-1, 1]."""
    steps = np.rint((levels.astype(np.float64) + 1.0) * (255.0 / 2)).astype(np.uint8)
    return palette(colormap)[steps]


@lru_cache(maxsize=4)
def palette(colormap: str) -> NDArray[np.uint8]:
    """The 256 colours [256, 3] of a matplotlib colour map; shared, so never write to it."""
    import matplotlib  # noqa: PLC0415 - half a second that grey ones need not wait for

    table = matplotlib.colormaps[colormap](np.arange(256) / 255.0, bytes=True)
    return np.ascontiguousarray(table[:, :3], dtype=np.uint8)


def _png(picture: Image.Image, metadata: Mapping[str, str] | None) -> bytes:
    """The picture's file, with its metadata as one text chunk."""
    chunks = PngInfo()
    if metadata:
        chunks.add_text(TEXT_KEY, json.dumps(dict(metadata), sort_keys=True))
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", pnginfo=chunks)
    return buffer.getvalue()
