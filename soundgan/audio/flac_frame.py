"""Frames of FLAC streams, found by their headers: where decoding goes on behind damage."""

from __future__ import annotations

import struct

from soundgan.audio.parts import Part, Read

_MARKS = (b"\xff\xf8", b"\xff\xf9")
"""Of frames that are numbered, and of frames that state their first sample."""

_DESCRIBED, _LAST_BLOCK = 42, 0x80
_HEADER_BYTES = 16
_WINDOW = 1 << 20
_SIZED = {6: 1, 7: 2}
_RATED = {12: 1, 13: 2, 14: 2}
"""Bytes that a block size and a sample rate take behind the number, by their codes."""


def part_behind(read: Read, part: Part, position: int) -> tuple[Part, int] | None:
    """The rest of a stream from the first frame on that begins behind sample ``position``.

    Args:
        read: Gives bytes of the file.
        part: A stream as :func:`soundgan.audio.flac.flac_part` gives it.
        position: A sample.

    Returns:
        The rest, and the position of its first sample; ``None`` where no frame follows, and for
        streams inside another container.
    """
    if len(part.pieces) != 2:
        return None
    head, place = part.pieces
    if not isinstance(head, bytes) or isinstance(place, bytes) or len(head) != _DESCRIBED:
        return None
    begin, end = place
    block = struct.unpack_from(">H", head, 8)[0]
    alone = head[:4] + bytes((head[4] | _LAST_BLOCK,)) + head[5:]
    for base in range(begin, end, _WINDOW):
        window = read(min(_WINDOW + _HEADER_BYTES, end - base), base)
        for at in _places(window):
            sample = _first_sample(window[at : at + _HEADER_BYTES], block)
            if sample is not None and position < sample < (part.promised or sample + 1):
                rest = Part((alone, (base + at, end)), part.promised)
                return rest, sample
    return None


def _places(window: bytes) -> list[int]:
    """Offsets at which frames may begin, ascending."""
    places: list[int] = []
    for mark in _MARKS:
        at = window.find(mark)
        while 0 <= at < _WINDOW:
            places.append(at)
            at = window.find(mark, at + 1)
    return sorted(places)


def _first_sample(header: bytes, block: int) -> int | None:
    """The first sample of the frame that begins with ``header``, if its check agrees.

    Args:
        header: At least as many bytes as the longest header has.
        block: Samples in every frame but the last, where frames are numbered.
    """
    if len(header) < _HEADER_BYTES:
        return None
    size, rate = header[2] >> 4, header[2] & 15
    if not size or rate == 15 or header[3] >> 4 > 10 or header[3] & 1:
        return None
    length = max(1, 8 - (header[4] ^ 0xFF).bit_length()) if header[4] >= 0xC0 else 1
    if (length == 1 and header[4] >= 0x80) or length > 7:
        return None
    number = header[4] & (0x7F if length == 1 else 0x7F >> length)
    for byte in header[5 : 4 + length]:
        if byte >> 6 != 2:
            return None
        number = number << 6 | byte & 0x3F
    stop = 4 + length + _SIZED.get(size, 0) + _RATED.get(rate, 0)
    if stop >= len(header) or _check(header[:stop]) != header[stop]:
        return None
    return number if header[1] & 1 else number * block


def _check(content: bytes) -> int:
    """CRC-8 with the polynomial x^8 + x^2 + x + 1."""
    value = 0
    for byte in content:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ (0x07 if value & 0x80 else 0)) & 0xFF
    return value
