"""A chunk of samples and the size that its header states, which may be wrong, and is mended."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise

from soundgan.audio.parts import Layout, Part

PIECE_BYTES = (1 << 18) * 9 * 5 * 7 * 13
"""A longer sound is given to a decoder with 32-bit sizes in pieces; a multiple of the bytes of a
sample of any width in up to ten channels, and of most blocks. 1 GiB is none of three bytes."""

_SLIP = 64
"""So many bytes too many are a slip of the writer, such as its own header counted in."""

_SMALL = 1024
"""Bytes behind the samples that nobody misses."""


@dataclass(frozen=True)
class Samples:
    """The chunk of samples by its own account.

    Attributes:
        field: Offset of the size, and its form for ``struct``.
        begin: Offset of the first sample.
        length: Bytes of samples stated.
        extra: What the stated size counts besides them.
        plain: Whether a decoder stops where they end.
    """

    field: tuple[int, str]
    begin: int
    length: int
    extra: int = 0
    plain: bool = True

    @property
    def wide(self) -> bool:
        """Whether the size has 64 bits."""
        return struct.calcsize(self.field[1]) == 8


def told(found: Samples, length: int, end: int, *, clean: bool = False) -> Layout:
    """Samples of another length than stated, with a note; otherwise, if clean, all as it is."""
    if length == found.length and clean and found.plain:
        return Layout((Part(((0, end),)),), end)
    if length == found.length:
        return Layout(mended(found, length), end)
    note = f"its header states {found.length} bytes of samples; all {length} were read"
    return Layout(mended(found, length), end, (note,))


def is_small(count: int, length: int) -> bool:
    """Whether so many bytes behind so many of samples are a remainder that nobody misses."""
    return count <= _SMALL and count < max(_SLIP, length // 4)


def too_many(found: Samples, size: int, *, known: bool) -> tuple[tuple[str, ...], str | None]:
    """Note and loss of a file that ends before its header says."""
    if known:
        return (), None
    end = found.begin + found.length
    words = f"{end - size} of the {end} bytes that its header promises are missing"
    if end - size <= _SLIP:
        return (words,), None
    return (), f"incomplete: {words}"


def is_placeholder(found: Samples) -> bool:
    """Whether the size is one of those that writers to a pipe leave in place of the unknown.

    All lie a little below or above half and the whole of what the field holds: 0x7ffff000 (sox,
    espeak), 0x7fff0000 (GStreamer), 0x80000000 (arecord), 0xffffffff and a header less (ffmpeg
    and others), 0x7f000000 (sox's AIFF).
    """
    stated = found.length + found.extra
    if found.wide:
        return stated >= 1 << 62 or 0 <= (1 << 32) - stated <= 1 << 16
    return any(
        low <= stated <= high
        for low, high in (
            (0x7F00_0000, 0x7F00_0100), (0x7FFF_0000, 0x8000_0100), (0xFFFF_0000, 0xFFFF_FFFF),
        )
    )  # fmt: skip


def mended(found: Samples, length: int) -> tuple[Part, ...]:
    """Parts that state what they hold."""
    end = found.begin + length
    if found.wide or length <= 0xFFFF_0000:
        return (part_of(found, found.begin, end),)
    cuts = [*range(found.begin, end, PIECE_BYTES), end]
    return tuple(part_of(found, a, b) for a, b in pairwise(cuts))


def part_of(found: Samples, begin: int, end: int) -> Part:
    """A stretch of the samples behind a header that states its length."""
    place, form = found.field
    stated = struct.pack(form, end - begin + found.extra)
    behind = place + struct.calcsize(form)
    return Part(((0, place), stated, (behind, found.begin), (begin, end)))
