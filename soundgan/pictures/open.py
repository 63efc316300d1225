"""Open a picture of any common kind as plain grey or colour pixels, or refuse it in one line."""

from __future__ import annotations

import io
import json
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from soundgan.audio.picture import TEXT_KEY
from soundgan.errors import PictureError
from soundgan.pictures.kinds import HEAD_BYTES, READ, READ_TEXT, other_kind
from soundgan.pictures.riffusion import RiffusionTags, riffusion_tags
from soundgan.runtime.files import reason

Pixels = NDArray[np.uint8] | NDArray[np.uint16]

MAX_FILE_BYTES = 1 << 27

MAX_PIXELS = 1 << 25
"""About 33 million: a large photograph, or half an hour of sound at 64 frames a second."""

MIN_SIDE = 8
"""Fewer rows or columns make no sound; pictures that carry our parameters may be smaller."""

MAX_ASPECT = 1024
"""Longer stripes are refused, for the same reason and with the same exception."""

_DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders are known to raise on damaged files."""


@dataclass(frozen=True)
class Picture:
    """A picture as it would be seen: upright, opaque, grey or red-green-blue.

    Attributes:
        pixels: [H, W, 1] grey or [H, W, 3] colour, uint8; grey of more than 8 bits is uint16.
        metadata: The texts that soundgan stored in the file; empty for pictures of others, and
            where such texts are damaged.
        format: One of :data:`soundgan.pictures.kinds.READ`.
        n_frames: Pages or frames of the file; the first is the picture.
        riffusion: What riffusion says of it, where it made it.
    """

    pixels: Pixels
    metadata: dict[str, str]
    format: str
    n_frames: int = 1
    riffusion: RiffusionTags | None = None


def open_picture(path: Path) -> Picture:
    """The first picture of a file.

    Transparent pixels are laid on white, or on black where the visible ones are light: on the
    ground that a drawing stands out from. A rotation noted by a camera is carried out.

    Raises:
        PictureError: Missing, damaged, of another kind, too large, too small or too long.
    """
    return read_picture(_content(path), str(path))


def read_picture(content: bytes, place: str = "picture") -> Picture:
    """As :func:`open_picture`, of the content of a file; ``place`` is what errors call it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Pillow, about sizes and tags; sizes are refused
            with Image.open(io.BytesIO(content), formats=READ) as image:
                return _read(place, image)
    except UnidentifiedImageError as error:
        other = other_kind(content[:HEAD_BYTES])
        raise PictureError(
            f"{place}: {other or f'not a {READ_TEXT} picture; save it as PNG'}"
        ) from error
    except Image.DecompressionBombError as error:
        raise PictureError(f"{place}: more than {MAX_PIXELS} pixels; make it smaller") from error
    except _DAMAGE as error:
        raise PictureError(
            f"{place}: damaged picture: {_one_line(error)}; save it again"
        ) from error


def _content(path: Path) -> bytes:
    """All bytes of a file that is not too large."""
    try:
        if not path.is_file():
            raise PictureError(f"{path}: no such picture file; check the path")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise PictureError(f"{path}: larger than {MAX_FILE_BYTES} bytes; save it as PNG")
        return path.read_bytes()
    except OSError as error:
        raise PictureError(f"{path}: cannot read: {reason(error)}") from error


def _read(place: str, image: Image.Image) -> Picture:
    """The pixels of an opened picture, once its size is known to be bearable."""
    metadata = _metadata(image)
    _check_size(place, image, ours=bool(metadata))
    image.load()
    upright = ImageOps.exif_transpose(image)
    return Picture(
        pixels=_pixels(upright),
        metadata=metadata,
        format=str(image.format),
        n_frames=int(getattr(image, "n_frames", 1)),
        riffusion=riffusion_tags(image.getexif()),
    )


def _check_size(place: str, image: Image.Image, *, ours: bool) -> None:
    """Refuse what would take too much memory, or is no picture of a sound."""
    short, long = sorted(image.size)
    size = f"{image.width} x {image.height} pixels"
    if short * long > MAX_PIXELS:
        raise PictureError(f"{place}: {size}; at most {MAX_PIXELS} are read, make it smaller")
    if short < 1 or (short < MIN_SIDE and not ours):
        raise PictureError(f"{place}: {size}; at least {MIN_SIDE} x {MIN_SIDE} are needed")
    if long > short * MAX_ASPECT and not ours:
        raise PictureError(f"{place}: {size}; cut it so that no side is {MAX_ASPECT} times another")


def _metadata(image: Image.Image) -> dict[str, str]:
    """The texts of our chunk, where the picture has one."""
    text = image.info.get(TEXT_KEY)
    if not isinstance(text, str):
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        return {}
    return found


def _pixels(image: Image.Image) -> Pixels:
    """Opaque grey or colour pixels [H, W, C] of a picture in any mode."""
    if image.mode.startswith("I") or image.mode == "F":
        return _deep_grey(np.asarray(image))[:, :, None]
    if "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBA", "RGBa"):
        return _composited(np.asarray(image.convert("RGBA")))
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"))[:, :, None]
    return np.asarray(image.convert("RGB"))


def _deep_grey(values: NDArray[np.generic]) -> NDArray[np.uint16]:
    """Grey of more than 8 bits as uint16; floats and wider integers are stretched to its range."""
    if values.dtype == np.uint16:
        return values.astype(np.uint16)  # a copy in the byte order of this machine
    exact = values.astype(np.float64)
    low, high = float(exact.min()), float(exact.max())
    if values.dtype.kind in "iu" and low >= 0 and high <= 65535:
        return exact.astype(np.uint16)
    if not np.isfinite(high - low):
        raise ValueError("pixels are not finite")
    return np.rint((exact - low) * (65535.0 / max(high - low, 1e-30))).astype(np.uint16)


def _composited(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Colours [H, W, 3] laid on white, or on black where what is visible is light."""
    alpha = rgba[:, :, 3]
    if int(alpha.min()) == 255:
        return np.ascontiguousarray(rgba[:, :, :3])
    visible = float(alpha.sum(dtype=np.float64))
    total = float((rgba[:, :, :3].mean(axis=2, dtype=np.float32) * alpha).sum(dtype=np.float64))
    ground = 0 if visible and total / visible > 127.5 else 255
    colours = np.empty((*alpha.shape, 3), np.uint8)
    for channel in range(3):
        share = alpha.astype(np.float32) / 255.0
        mixed = rgba[:, :, channel] * share + ground * (1.0 - share)
        colours[:, :, channel] = np.rint(mixed).astype(np.uint8)
    return colours


def _one_line(error: BaseException) -> str:
    """What a decoder complains about, shortened to a line."""
    return " ".join(str(error).split())[:160] or type(error).__name__
