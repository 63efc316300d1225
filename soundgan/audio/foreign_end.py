"""Where a sound that ffmpeg decodes ends, by the sizes in its file: it reads no further."""

from __future__ import annotations

from collections.abc import Callable

from soundgan.audio.parts import Read
from soundgan.audio.tags import id3_bytes, skip_tags

_SMALL = 1024
"""Bytes behind a sound that nobody misses."""

_MOST = 1_000_000
"""Boxes, objects or elements that a file may have."""

_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ID3_BYTES, _ASF_BYTES, _ATOM_BYTES = 10, 24, 8
_TTA_BYTES, _APE_BYTES = 22, 32


def notes_behind(read: Read, size: int, demuxer: str) -> list[str]:
    """How many bytes behind the first sound are no part of it, where that can be told.

    Args:
        read: Gives bytes of the file.
        size: Bytes in the file.
        demuxer: What the sound is, as ffmpeg calls it.
    """
    find_end = _ENDS.get(demuxer)
    begin = id3_bytes(read(_ID3_BYTES, 0))
    if find_end is None or begin >= size:
        return []
    end = begin + find_end(lambda count, position: read(count, begin + position), size - begin)
    behind = skip_tags(read, end, size)
    if behind - end < 4:  # the zeros that an MPEG-4 begins with are no tag
        behind = end
    rest = size - behind
    return [f"{rest} bytes behind its sound were not read"] if rest > _SMALL else []


def _end_of_mpeg4(read: Read, size: int) -> int:
    """Atoms up to a second file, or to what is none."""
    position = 0
    for number in range(_MOST):
        head = read(2 * _ATOM_BYTES, position)
        length, name = int.from_bytes(head[:4]), head[4:8]
        if position >= size or len(head) < _ATOM_BYTES or not _is_name(name):
            break
        if number and name == b"ftyp":
            break
        if length == 1:
            length = int.from_bytes(head[8:16])
        if not length:
            return size
        if length < _ATOM_BYTES:
            break
        if position + length > size:
            return size if name in _MPEG4 else position  # cut short, or something else
        position += length
    return position


_MPEG4 = frozenset(
    (b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"free", b"skip", b"wide", b"uuid", b"meta",
     b"sidx", b"styp", b"udta", b"pnot")
)  # fmt: skip


def _end_of_asf(read: Read, size: int) -> int:
    """Objects up to a second header."""
    position = 0
    for number in range(_MOST):
        head = read(_ASF_BYTES, position)
        length = int.from_bytes(head[16:], "little")
        if len(head) < _ASF_BYTES or (number and head.startswith(_ASF_HEADER)):
            break
        if length < _ASF_BYTES:
            return size if number == 1 else position  # data of unknown length
        if position + length > size:
            return size if number < 2 else position
        position += length
    return position


def _end_of_tta(read: Read, size: int) -> int:
    """A header, a table of the bytes of all frames, and these."""
    head = read(_TTA_BYTES, 0)
    rate, samples = (int.from_bytes(head[at : at + 4], "little") for at in (10, 14))
    frame = 256 * rate // 245
    count = -(-samples // frame) if frame else 0
    if not count or _TTA_BYTES + 4 * count > size:
        return size
    table = read(4 * count, _TTA_BYTES)
    lengths = (int.from_bytes(table[at : at + 4], "little") for at in range(0, 4 * count, 4))
    return min(size, _TTA_BYTES + 4 * count + 4 + sum(lengths))


def _end_of_ape(read: Read, size: int) -> int:
    """The parts that its description states, from version 3.98 on."""
    head = read(_APE_BYTES, 0)
    if len(head) < _APE_BYTES or int.from_bytes(head[4:6], "little") < 3980:
        return size
    lengths = [int.from_bytes(head[at : at + 4], "little") for at in range(8, 32, 4)]
    tail = int.from_bytes(read(4, 32), "little")
    return min(size, sum(lengths[:5]) + (lengths[5] << 32) + tail)


def _end_of_dsf(read: Read, size: int) -> int:
    """What the header says of the whole file."""
    stated = int.from_bytes(read(8, 12), "little")
    return stated if 0 < stated <= size else size


_ENDS: dict[str, Callable[[Read, int], int]] = {
    "mov": _end_of_mpeg4,
    "asf": _end_of_asf,
    "tta": _end_of_tta,
    "ape": _end_of_ape,
    "dsf": _end_of_dsf,
}


def _is_name(name: bytes) -> bool:
    return all(0x20 <= byte < 0x7F or byte == 0xA9 for byte in name)
