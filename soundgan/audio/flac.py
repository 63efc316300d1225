"""FLAC streams, alone or in Ogg: decoded to their end, whatever number of samples they state."""

from __future__ import annotations

from soundgan.audio.parts import Layout, Part, Piece, Read
from soundgan.audio.tags import strip_tags

MAGIC = b"fLaC"
_STREAM = b"fLaC\0\0\0\x22"
"""The beginning of a file whose first block describes the stream and is not its last."""

_TOTAL = slice(21, 26)
"""Where the number of samples stands: 36 bits, of which the first four share their byte."""

_UNKNOWN = (1 << 36) - 1
"""All of them: a writer that could not go back. So is none."""

_DESCRIBED = 42
_WINDOW = 1 << 20


def lay_out_flac(read: Read, size: int) -> Layout:
    """The stream that the file begins with, up to the next or to the tags at the end."""
    end = _next_stream(read, size)
    sound = strip_tags(read, size) if end == size else end
    return Layout((flac_part(0, sound, (), read(_DESCRIBED, 0)),), end)


def flac_part(begin: int, end: int, more: tuple[Piece, ...], head: bytes) -> Part:
    """A stream that no longer states its length to the decoder, which would stop there.

    Args:
        begin: Where it begins in the file.
        end: Where its first range ends.
        more: The other pieces.
        head: Its first bytes.
    """
    if len(head) < _DESCRIBED or not head.startswith(MAGIC):
        return Part(((begin, end), *more))
    stated = int.from_bytes(head[_TOTAL]) & _UNKNOWN
    without = head[:21] + bytes((head[21] & 0xF0,)) + bytes(4) + head[26:]
    known = 0 < stated < _UNKNOWN
    return Part((without, (begin + len(head), end), *more), stated if known else None)


def _next_stream(read: Read, size: int) -> int:
    """Offset of the next file that is glued to this one, or ``size``."""
    overlap = len(_STREAM) - 1
    for begin in range(1, size, _WINDOW):
        at = read(_WINDOW + overlap, begin).find(_STREAM)
        if at >= 0:
            return begin + at
    return size
