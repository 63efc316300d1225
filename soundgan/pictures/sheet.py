"""Several images on one sheet to look at, each under its name."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from soundgan.audio.picture import TEXT_KEY, coloured
from soundgan.errors import AudioError

CELL = 128
"""Columns that a picture fills at least; smaller ones are enlarged by whole numbers."""

_GAP = 8
_FONT = 13
_LINE = 18
_INK = (38, 38, 38)
_PALE = (120, 120, 120)


def sheet_png(
    images: NDArray[np.float32],
    names: Sequence[tuple[str, str]],
    *,
    columns: int,
    title: str,
    colormap: str = "magma",
    metadata: Mapping[str, str] | None = None,
) -> bytes:
    """A PNG of images [n, F, T], ``columns`` in a row, in reading order; low frequencies below.

    Equal arguments give equal bytes.

    Args:
        images: Values in [-1, 1]; clipped to them.
        names: Of each image, what stands above it on the left, cut where it is too long, and on
            the right.
        columns: Images in a row.
        title: Above all of them.
        colormap: Of matplotlib.
        metadata: Texts for the picture's ``soundgan`` chunk.

    Raises:
        AudioError: Not finite images [n, F, T], or none at all.
    """
    if images.ndim != 3 or not images.size or not np.isfinite(images).all():
        raise AudioError(f"picture sheet: not finite images [n, F, T]: {list(images.shape)}")
    scale = math.ceil(CELL / images.shape[2])
    height, width = images.shape[1] * scale, images.shape[2] * scale
    rows = math.ceil(len(images) / columns)
    size = (columns * (width + _GAP) + _GAP, rows * (height + _LINE + _GAP) + _LINE + _GAP)
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    draw.text((_GAP, _GAP // 2), _fitting(title, size[0] - 2 * _GAP), _PALE, _font())
    for i, (image, (left, right)) in enumerate(zip(images, names, strict=True)):
        x = (i % columns) * (width + _GAP) + _GAP
        y = (i // columns) * (height + _LINE + _GAP) + _LINE + _GAP
        room = width - _font().getlength(right) - _GAP
        draw.text((x, y), _fitting(left, room), _INK, _font())
        draw.text((x + width, y), right, _PALE, _font(), anchor="ra")
        cell = coloured(np.clip(image[::-1], -1.0, 1.0), colormap)
        large = cell.repeat(scale, axis=0).repeat(scale, axis=1)
        sheet.paste(Image.fromarray(large), (x, y + _LINE))
    chunks = PngInfo()
    chunks.add_text(TEXT_KEY, json.dumps(dict(metadata or {}), sort_keys=True))
    buffer = io.BytesIO()
    sheet.save(buffer, format="PNG", pnginfo=chunks)
    return buffer.getvalue()


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(_FONT)


def _fitting(text: str, room: float) -> str:
    """As much of a text as there is room for, in one line."""
    text = "".join(c if c.isprintable() else "?" for c in text)
    if _font().getlength(text) <= room:
        return text
    while text and _font().getlength(text + "…") > room:
        text = text[:-1]
    return text + "…" if text else ""
