"""Spectrogram pictures: exact 16-bit grey ones that can be read back, and coloured ones to look at.

A picture shows low frequencies at the bottom; an image [F, T] has them in row 0.
"""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

from soundgan.errors import ArtefactError, AudioError

TEXT_KEY = "soundgan"
"""Name of the PNG text chunk that holds the metadata as JSON."""

MAX_PIXELS = 1 << 24
"""Larger pictures are refused before they are decoded: they are none of ours."""

MAX_FILE_BYTES = 1 << 27


@dataclass(frozen=True)
class Picture:
    """What a 16-bit picture holds.

    Attributes:
        levels: Image values [F, T] in [-1, 1], row 0 the lowest frequency.
        metadata: Texts stored with it.
    """

    levels: NDArray[np.float32]
    metadata: dict[str, str]


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
            which :func:`read_png` undoes to one step in 65,535, when not given.

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


def read_png(path: Path) -> Picture:
    """A 16-bit grey picture that :func:`spectrogram_png` wrote.

    Raises:
        ArtefactError: Missing, damaged, too large, or of another kind.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ArtefactError(
                f"{path}: larger than {MAX_FILE_BYTES} bytes; not a picture of ours"
            )
        with _open(path) as picture:
            n_pixels = picture.width * picture.height
            if n_pixels > MAX_PIXELS:
                raise ArtefactError(f"{path}: {n_pixels} pixels; at most {MAX_PIXELS} are read")
            if picture.mode != "I;16":
                raise ArtefactError(
                    f"{path}: not 16-bit grey but {picture.mode}; coloured and 8-bit pictures are "
                    "for looking only"
                )
            picture.load()
            text = getattr(picture, "text", {}).get(TEXT_KEY, "{}")
            values = np.asarray(picture, dtype=np.float64)
    except UnidentifiedImageError as error:
        raise ArtefactError(f"{path}: not a PNG picture") from error
    except Image.DecompressionBombError as error:
        raise ArtefactError(f"{path}: too many pixels; at most {MAX_PIXELS} are read") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise ArtefactError(f"{path}: cannot read picture: {error}") from error
    levels = (values[::-1] * (2.0 / 65535.0) - 1.0).astype(np.float32)
    return Picture(levels=levels, metadata=_metadata(path, text))


def _open(path: Path) -> Image.Image:
    """The picture, its pixels not yet decoded."""
    with warnings.catch_warnings():
        # Pillow only warns where the cap on pixels refuses.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(io.BytesIO(path.read_bytes()), formats=("PNG",))


def _metadata(path: Path, text: str) -> dict[str, str]:
    """The texts of a picture's chunk."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArtefactError(f"{path}: damaged {TEXT_KEY} text: {error}") from error
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise ArtefactError(f"{path}: damaged {TEXT_KEY} text: not a table of texts")
    return found


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
    import matplotlib  # half a second that grey pictures need not wait for

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
