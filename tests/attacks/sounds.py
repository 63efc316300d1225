"""WAV files whose chunks lie."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import numpy as np
import soundfile

from tests.attacks.documents import DEEP, LISTS


def tone() -> bytes:
    """A tenth of a second of a good WAV."""
    buffer = io.BytesIO()
    wave = np.sin(np.arange(800) / 5) * np.exp(-np.arange(800) / 200)
    soundfile.write(buffer, wave, 8000, format="WAV", subtype="PCM_16")
    return buffer.getvalue()


def chunk(name: bytes, content: bytes, size: int | None = None) -> bytes:
    """A RIFF chunk; ``size`` is what it claims."""
    length = len(content) if size is None else size
    return name + struct.pack("<I", length) + content + bytes(len(content) % 2)


def with_chunks(*chunks: bytes) -> bytes:
    """The tone with more behind its samples."""
    content = tone()[12:] + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", 4 + len(content)) + b"WAVE" + content


def with_texts(**texts: bytes) -> bytes:
    """The tone with an INFO list."""
    return with_chunks(
        chunk(b"LIST", b"INFO" + b"".join(chunk(k.encode(), v) for k, v in texts.items()))
    )


def formatted(
    *, channels: int = 1, rate: int = 8000, bits: int = 16, tag: int = 1, data: int | None = None
) -> bytes:
    """A WAV with any header."""
    block = channels * bits // 8 & 0xFFFF
    fmt = struct.pack(
        "<HHIIHH", tag, channels & 0xFFFF, rate, rate * block & 0xFFFFFFFF, block, bits
    )
    content = chunk(b"fmt ", fmt) + chunk(b"data", bytes(1600), data)
    return b"RIFF" + struct.pack("<I", 4 + len(content)) + b"WAVE" + content


SOUNDS: dict[str, Callable[[], bytes]] = {
    "a list of 4 GB": lambda: with_chunks(chunk(b"LIST", b"INFO", 0xFFFFFFFF)),
    "a text of 4 GB": lambda: with_chunks(
        chunk(b"LIST", b"INFO" + chunk(b"ICMT", b"x", 0xFFFFFFFF))
    ),
    "a comment that is deep": lambda: with_texts(ICMT=DEEP),
    "a comment of empty lists": lambda: with_texts(ICMT=LISTS),
    "a comment that names a class": lambda: with_texts(
        ICMT=b'{"soundgan": "0.1.0", "label": "../../../etc/passwd"}'
    ),
    "a title that clears the terminal": lambda: with_texts(INAM=b"\x1b[2J\x1b]0;owned\x07"),
    "texts that are no text": lambda: with_texts(INAM=bytes(range(128, 256)), ICMT=b"\xff\0"),
    "a hundred thousand chunks": lambda: with_chunks(*[chunk(b"junk", b"")] * 100_000),
    "lists in lists": lambda: with_chunks(chunk(b"LIST", chunk(b"LIST", b"INFO") * 10_000)),
    "an embedded program": lambda: with_chunks(chunk(b"id3 ", b"MZ" + bytes(1000))),
    "65,535 channels": lambda: formatted(channels=65535),
    "no channel": lambda: formatted(channels=0),
    "a rate of 0": lambda: formatted(rate=0),
    "a rate of 4 GHz": lambda: formatted(rate=0xFFFFFFFF),
    "0 bits": lambda: formatted(bits=0),
    "65,535 bits": lambda: formatted(bits=65535),
    "an encoding nobody knows": lambda: formatted(tag=0x7777),
    "samples of 4 GB": lambda: formatted(data=0xFFFFFFFF),
    "no samples": lambda: formatted(data=0),
    "a size of the whole of 0": lambda: tone()[:4] + bytes(4) + tone()[8:],
}
