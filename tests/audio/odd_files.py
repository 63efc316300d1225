"""Files of one second as writers, taggers, pipes and accidents leave them."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from soundgan.audio.decode import AudioFile
from soundgan.audio.mpeg import mp3_frame_bytes

RATE = 24_000
Make = Callable[[], bytes]


def samples(hertz: float = 440.0, seconds: float = 1.0) -> NDArray[np.float64]:
    """A decaying tone whose values 16 bits hold exactly."""
    time = np.arange(round(seconds * RATE)) / RATE
    wave = 0.6 * np.exp(-3 * time) * np.sin(2 * np.pi * hertz * time)
    return np.round(wave * 32768) / 32768


@cache
def encoded(
    form: str, subtype: str | None = None, *, hertz: float = 440.0, rate: int = RATE
) -> bytes:
    """One second as libsndfile writes it."""
    buffer = io.BytesIO()
    soundfile.write(buffer, samples(hertz), rate, format=form, subtype=subtype)
    return buffer.getvalue()


LOSSLESS: dict[str, tuple[str, str]] = {
    "wav": ("WAV", "PCM_16"),
    "wav of 24 bits": ("WAV", "PCM_24"),
    "wav of floats": ("WAV", "FLOAT"),
    "extensible wav": ("WAVEX", "PCM_32"),
    "rf64": ("RF64", "PCM_16"),
    "w64": ("W64", "PCM_24"),
    "aiff": ("AIFF", "PCM_16"),
    "aifc": ("AIFF", "FLOAT"),
    "caf": ("CAF", "PCM_24"),
    "au": ("AU", "PCM_16"),
    "flac": ("FLAC", "PCM_16"),
    "flac of 24 bits": ("FLAC", "PCM_24"),
}
LOSSY: dict[str, tuple[str, str]] = {
    "vorbis": ("OGG", "VORBIS"),
    "opus": ("OGG", "OPUS"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
}
EVERY = LOSSLESS | LOSSY


def id3v1() -> bytes:
    """A tag of 128 bytes, at the end of files."""
    return b"TAG" + b"A title".ljust(124, b"\0") + b"\x07"


def id3v2(length: int = 300) -> bytes:
    """A tag in front of files, mostly padding."""
    size = bytes((0, 0, length >> 7, length & 127))
    return b"ID3\3\0\0" + size + b"TIT2\0\0\0\2\0\0\0A".ljust(length, b"\0")


def ape(*, header: bool = True) -> bytes:
    """An APE tag of one item."""
    item = struct.pack("<II", 4, 0) + b"Title\0abcd"

    def end(flags: int) -> bytes:
        return b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, flags) + bytes(8)

    front = end(0xA000_0000) if header else b""
    return front + item + end(0x8000_0000 if header else 0)


def lyrics() -> bytes:
    """A Lyrics3 tag in front of the ID3v1 that it needs."""
    content = b"LYRICSBEGININD0000200LYR00005hello"
    return content + b"%06d" % len(content) + b"LYRICS200" + id3v1()


BEHIND: dict[str, Make] = {
    "ID3v1": id3v1,
    "ID3v2": id3v2,
    "APE": ape,
    "APE without a header": lambda: ape(header=False),
    "Lyrics3": lyrics,
    "APE and ID3v1": lambda: ape() + id3v1(),
    "zeros": lambda: bytes(5000),
    "a line of text": lambda: b"downloaded from somewhere\r\n",
}
BEFORE: dict[str, Make] = {
    "ID3v2": id3v2,
    "two ID3v2": lambda: id3v2() + id3v2(40),
    "zeros": lambda: bytes(418),
    "a line of HTTP": lambda: b"HTTP/1.0 200 OK\r\nicy-name: radio\r\n\r\n",
    "a MacBinary header": lambda: b"\0\x08kick.aif" + bytes(118),
}


def wav(size: int, content: bytes, *, riff: int | None = None, order: str = "<") -> bytes:
    """Mono samples of 16 bits, whatever ``size`` says."""
    whole = (size + 36 if riff is None else riff) & 0xFFFF_FFFF
    form = struct.pack(f"{order}IHHIIHH", 16, 1, 1, RATE, 2 * RATE, 2, 16)
    magic = b"RIFF" if order == "<" else b"RIFX"
    size_ = struct.pack(f"{order}I", size)
    return magic + struct.pack(f"{order}I", whole) + b"WAVEfmt " + form + b"data" + size_ + content


def pcm(order: str = "<", *, hertz: float = 440.0) -> bytes:
    """:func:`samples` in 16 bits."""
    return np.rint(samples(hertz) * 32768).astype(f"{order}i2").tobytes()


def aiff(size: int, frames: int, content: bytes) -> bytes:
    """Mono samples of 16 bits behind a chunk of ``size`` bytes by its own account."""
    common = struct.pack(">IHIH", 18, 1, frames & 0xFFFF_FFFF, 16)
    rate = b"\x40\x0d\xbb\x80" + bytes(6)  # 24000 as an 80-bit float
    sound = b"SSND" + struct.pack(">III", size & 0xFFFF_FFFF, 0, 0)
    whole = struct.pack(">I", size + 38 & 0xFFFF_FFFF)
    return b"FORM" + whole + b"AIFFCOMM" + common + rate + sound + content


def au(size: int, content: bytes) -> bytes:
    """Mono samples of 16 bits."""
    return b".snd" + struct.pack(">IIIII", 24, size, 3, RATE, 1) + content


def caf(size: int, content: bytes) -> bytes:
    """Mono samples of 16 bits; ``size`` counts four bytes more than they are."""
    description = struct.pack(">qd4sIIIII", 32, float(RATE), b"lpcm", 0, 2, 1, 1, 16)
    return b"caff\0\1\0\0desc" + description + b"data" + struct.pack(">qI", size, 0) + content


def w64(size: int, content: bytes, *, whole: int = 0) -> bytes:
    """Mono samples of 16 bits; ``size`` counts 24 bytes more than they are."""
    guid = bytes.fromhex("f3acd3118cd100c04f8edb8a")
    form = struct.pack("<QHHIIHH", 40, 1, 1, RATE, 2 * RATE, 2, 16)
    riff = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0" + struct.pack("<Q", whole)
    return (
        riff + b"wave" + guid + b"fmt " + guid + form + b"data" + guid
        + struct.pack("<Q", size) + content
    )  # fmt: skip


def rf64(size: int, content: bytes) -> bytes:
    """Mono samples of 16 bits, their size in a chunk of its own."""
    sizes = struct.pack("<IQQQI", 28, 0, size & (1 << 64) - 1, 0, 0)
    form = struct.pack("<IHHIIHH", 16, 1, 1, RATE, 2 * RATE, 2, 16)
    front = b"RF64\xff\xff\xff\xffWAVEds64" + sizes
    return front + b"fmt " + form + b"data\xff\xff\xff\xff" + content


def untagged(mp3: bytes) -> bytes:
    """Without the frame that counts the others."""
    return mp3[mp3_frame_bytes(mp3[:4]) :]


def flac_stating(frames: int, content: bytes) -> bytes:
    """A FLAC that claims so many samples."""
    first = bytes((content[21] & 0xF0 | frames >> 32,))
    return content[:21] + first + (frames & 0xFFFF_FFFF).to_bytes(4) + content[26:]


def first_channel(
    folder: Path, content: bytes, *, strict: bool = False
) -> tuple[np.ndarray, list[str]]:
    """Samples of the first channel, and notes."""
    path = folder / "a"
    path.write_bytes(content)
    with AudioFile(str(path)) as file:
        stream = file.decode(strict=strict)
        return np.concatenate(
            [np.zeros(0, np.float32), *(block[:, 0] for block in stream.blocks)]
        ), stream.notes


class Forward(soundfile.SoundFile):
    """Without the seeking that changes the rounding of MP3."""

    def seekable(self) -> bool:
        return False


def reference(content: bytes) -> np.ndarray:
    with Forward(io.BytesIO(content)) as sound:
        return sound.read(1_000_000, dtype="float32")
