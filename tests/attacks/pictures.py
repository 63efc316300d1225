"""Pictures that are none, lie about their size, or carry hostile texts."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from tests.attacks.documents import DEEP, FAR, LISTS, LONG_NUMBER


def chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def png_of(width: int, height: int, rows: bytes = b"") -> bytes:
    """A grey PNG that claims a size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def encoded(format: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)).save(
        buffer, format
    )
    return buffer.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"not a picture",
    "svg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "postscript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "gif": lambda: b"GIF89a" + bytes(40),
    "bomb": lambda: png_of(60_000, 60_000),
    "wide": lambda: png_of(2**31 - 1, 2**31 - 1),
    "large": lambda: png_of(8192, 8192),
    "no area": lambda: png_of(0, 10),
    "one row": lambda: png_of(5000, 1, bytes(5001)),
    "one column": lambda: png_of(1, 5000, bytes(10_000)),
    "stripe": lambda: png_of(30_000, 8, bytes(30_001 * 8)),
    "no pixels": lambda: png_of(64, 64),
    **{
        f"truncated {kind}": lambda kind=kind: encoded(kind)[: len(encoded(kind)) // 2]  # type: ignore[misc]
        for kind in ("PNG", "JPEG", "WEBP", "BMP", "TIFF")
    },
}


# -- texts ---------------------------------------------------------------------------------------


def with_text(content: bytes, text: str, *, compressed: bool = False) -> bytes:
    """A PNG with ``text`` in the place where our pictures carry their parameters."""
    start = 8 + 25  # magic and header
    packed = zlib.compress(text.encode(), 9)
    kind, body = (b"zTXt", b"\0" + packed) if compressed else (b"tEXt", text.encode("latin-1"))
    return content[:start] + chunk(kind, b"soundgan\0" + body) + content[start:]


def of_ours(**changes: Any) -> str:
    """The texts of a picture of ours, with some parameters changed."""
    drawn = {
        "sample_rate": 8000,
        "n_samples": 512,
        "representation": {
            "name": "log_magnitude",
            "options": {"n_fft": 64, "hop_length": 8, "win_length": 64},
            "channels": 1,
            "height": 64,
            "width": 64,
        },
    }
    return json.dumps({"picture": json.dumps(drawn | changes)})


def drawn_by(name: str = "log_magnitude", **options: Any) -> dict[str, Any]:
    """A representation that a picture asks for."""
    return {"name": name, "options": options, "channels": 1, "height": 64, "width": 64}


STRANGERS: dict[str, str] = {
    "text that is no JSON": "{",
    "text that is a list": "[1]",
    "deep text": DEEP.decode(),
    "text of empty lists": LISTS.decode(),
    "text of another shape": '{"picture": 1}',
}
"""Texts that are not ours: the picture is read like any other."""

HOSTILE_TEXTS: dict[str, str] = {
    "parameters that are no JSON": json.dumps({"picture": "{"}),
    "deep parameters": json.dumps({"picture": DEEP.decode()}),
    "parameters of empty lists": json.dumps({"picture": LISTS.decode()}),
    "a number of 5,000 digits": json.dumps({"picture": LONG_NUMBER.decode()}),
    "a number beyond all numbers": json.dumps({"picture": FAR.decode()}),
    "no sample rate": of_ours(sample_rate=0),
    "a sound of 2 to the 62 samples": of_ours(n_samples=1 << 62),
    "a rate that is NaN": of_ours(sample_rate=float("nan")),
    "code for a representation": of_ours(representation=drawn_by("os:system")),
    "a path for a representation": of_ours(representation=drawn_by("../../models/dcgan")),
    "a filterbank of gigabytes": of_ours(
        representation=drawn_by("log_mel", n_mels=4096, n_fft=65536, hop_length=64)
    ),
    "magnitudes of terabytes": of_ours(
        n_samples=1 << 26, representation=drawn_by(n_fft=65536, hop_length=1)
    ),
    "a picture of gigapixels": of_ours(
        representation=drawn_by() | {"height": 1 << 16, "width": 1 << 24}
    ),
    "statistics that are NaN": of_ours(
        statistics={"centre_db": float("nan"), "half_range_db": 40.0}
    ),
    "statistics of millions": of_ours(
        statistics={"centre_db": [0.0] * 100_000, "half_range_db": 40.0}
    ),
    "code for an inversion": of_ours(inversion={"name": "os:system", "options": {}}),
    "an inversion without end": of_ours(
        inversion={"name": "griffin_lim", "options": {"iterations": 1 << 40}}
    ),
    "a colour map that is a path": of_ours(colormap="../../../etc/passwd"),
    "an unknown key": of_ours(run="os.system('true')"),
}
"""Parameters that claim to be ours and are not."""

TEXT_BOMB = with_text(png_of(64, 64, bytes(65 * 64)), " " * (1 << 26), compressed=True)
"""64 MiB of spaces in 64 KiB."""
