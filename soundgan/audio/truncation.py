"""Files that end before their header says: decoders read them without a word."""

from __future__ import annotations

import struct
from collections.abc import Callable

from soundgan.audio.sniff import HEAD_BYTES, first_mp3_frame, mp3_frame_bytes

Read = Callable[[int, int], bytes]
"""At most so many bytes of a file from a position on; fewer only at its end."""

MAX_CHUNKS = 10_000
_OGG_TAIL = 1 << 17
_NO_LENGTH = (0, 0x7FFF_FFFF, 0xFFFF_FFFF)
"""Sizes that writers to a pipe leave in place of the one they cannot know."""


def missing_bytes(read: Read, kind: str, size: int) -> str | None:
    """How the file falls short of its own header, in words, or ``None`` when it does not.

    Args:
        read: Gives bytes of the file.
        kind: Container, as :func:`soundgan.audio.sniff.sniff` names it.
        size: Bytes in the file.
    """
    if kind == "wav":
        return _short_of(_wav_end(read, size), size)
    if kind == "aiff":
        return _short_of(_chunk_end(read, size, b"SSND", ">4sI"), size)
    if kind == "ogg":
        return _short_ogg(read, size)
    end = {"au": _au_end, "caf": _caf_end, "w64": _w64_end, "mp3": _mp3_end}.get(kind)
    return None if end is None else _short_of(end(read), size)


def counts_its_frames(read: Read) -> bool:
    """Whether an MP3 states how many frames it has (a Xing, Info or VBRI tag).

    Without it, a decoder guesses the length from the first bit rate.
    """
    start = _mp3_start(read)
    head = read(HEAD_BYTES, start)
    return any(tag in head[:256] for tag in (b"Xing", b"Info", b"VBRI"))


def walk_mp3(read: Read, size: int) -> int:
    """Samples per channel in an MP3, counted frame by frame from their headers."""
    position, samples = _mp3_start(read), 0
    window, base = b"", 0
    while position + 4 <= size:
        if not base <= position <= base + len(window) - 4:
            window, base = read(1 << 20, position), position
        header = window[position - base : position - base + 4]
        length = mp3_frame_bytes(header)
        if not length:
            break
        samples += 576 if header[1] & 0x1E in (0x12, 0x02) else 1152
        position += length
    return samples


def _mp3_start(read: Read) -> int:
    """Offset of the first frame, behind an ID3v2 tag."""
    head = read(10, 0)
    skipped = 0
    if head[:3] == b"ID3" and len(head) == 10:
        size = head[6:10]
        skipped = 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])
    frame = first_mp3_frame(read(HEAD_BYTES, skipped))
    return skipped + (frame or 0)


def _wav_end(read: Read, size: int) -> int | None:
    start = read(12, 0)
    if start[:4] != b"RF64":
        return _chunk_end(read, size, b"data", "<4sI" if start[:4] == b"RIFF" else ">4sI")
    sizes = read(36, 12)
    if sizes[:4] != b"ds64" or len(sizes) < 24:
        return None
    known: int = struct.unpack_from("<Q", sizes, 16)[0]
    return _chunk_end(read, size, b"data", "<4sI", known=known)


def _au_end(read: Read) -> int | None:
    header = read(12, 0)
    if len(header) < 12:
        return None
    start, length = struct.unpack_from(">II", header, 4)
    return None if length in _NO_LENGTH else int(start) + int(length)


def _caf_end(read: Read) -> int | None:
    position = 8
    for _ in range(MAX_CHUNKS):
        header = read(12, position)
        if len(header) < 12:
            return None
        length: int = struct.unpack_from(">q", header, 4)[0]
        if length < 0:  # to the end of the file, wherever that is
            return None
        position += 12 + length
        if header.startswith(b"data"):
            return position
    return None


def _w64_end(read: Read) -> int | None:
    position = 40
    for _ in range(MAX_CHUNKS):
        header = read(24, position)
        if len(header) < 24:
            return None
        length = struct.unpack_from("<Q", header, 16)[0]
        if length < 24:
            return None
        if header.startswith(b"data"):
            return int(position + length)
        position += length + -length % 8
    return None


def _mp3_end(read: Read) -> int | None:
    """By the size in a Xing or Info tag, less a hundredth for what editors do at the end."""
    start = _mp3_start(read)
    head = read(256, start)
    tag = max(head.find(b"Xing"), head.find(b"Info"))
    if tag < 0 or len(head) < tag + 16:
        return None
    flags, first, second = struct.unpack_from(">III", head, tag + 4)
    if not flags & 2:
        return None
    n_bytes = second if flags & 1 else first
    return int(start + n_bytes - n_bytes // 100)


def _chunk_end(
    read: Read, size: int, name: bytes, form: str, *, known: int | None = None
) -> int | None:
    """Where the chunk ``name`` ends by its own account; ``None`` when it does not say."""
    position = 12
    for _ in range(MAX_CHUNKS):
        header = read(8, position)
        if len(header) < 8:
            return None
        found, length = struct.unpack(form, header)
        if found == name:
            if known is not None:
                return position + 8 + known
            return None if length in _NO_LENGTH else position + 8 + length
        position += 8 + length + length % 2
        if position >= size:
            return None
    return None


def _short_of(end: int | None, size: int) -> str | None:
    if end is None or end <= size:
        return None
    return f"truncated: {end - size} of the {end} bytes that its header promises are missing"


def _short_ogg(read: Read, size: int) -> str | None:
    """The last page must be marked as the last, and be whole."""
    tail = read(_OGG_TAIL, max(0, size - _OGG_TAIL))
    page = tail.rfind(b"OggS\0")
    if page < 0:
        return None
    header = tail[page : page + 27]
    table = tail[page + 27 : page + 27 + header[26]] if len(header) == 27 else b""
    whole = len(header) == 27 and page + 27 + len(table) + sum(table) <= len(tail)
    if whole and header[5] & 4:
        return None
    return "truncated: the end of the stream is missing"
