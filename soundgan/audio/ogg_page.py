"""The last page of an Ogg file that was cut inside it: its whole packets, as a page of their own.

Decoders drop a page that is not whole, and a short sound may have no other.
"""

from __future__ import annotations

import struct
from functools import cache

_FIXED = 27
_CHECKSUM = slice(22, 26)
_POSITION = slice(6, 14)
_FULL = 255
_OPUS_HERTZ = 48_000


def whole_packets(page: bytes, *, codec: str, before: int) -> bytes:
    """A page of the packets of a cut page that are all there; empty when there are none.

    Args:
        page: What is left of it, from its beginning.
        codec: Opus pages are told where they end; Vorbis leaves it to its decoder.
        before: Position at the end of the page before, in samples.
    """
    if len(page) < _FIXED:
        return b""
    table = page[_FIXED : _FIXED + page[26]]
    packets, used, begin, end = [], 0, _FIXED + page[26], _FIXED + page[26]
    for number, length in enumerate(table):
        end += length
        if end > len(page):
            break
        if length < _FULL:
            packets.append(page[begin:end])
            begin, used = end, number + 1
    if not packets:
        return b""
    header = bytearray(page[:26]) + bytes([used]) + table[:used]
    header[_CHECKSUM] = bytes(4)
    if codec == "Opus":
        position = max(0, before) + sum(map(_opus_samples, packets))
        header[_POSITION] = struct.pack("<q", position)
    made = bytearray(bytes(header) + b"".join(packets))
    made[_CHECKSUM] = _checksum(made).to_bytes(4, "little")
    return bytes(made)


def _opus_samples(packet: bytes) -> int:
    """Duration of an Opus packet at 48 kHz, by its first bytes (RFC 6716, section 3.1)."""
    if not packet:
        return 0
    configuration, code = packet[0] >> 3, packet[0] & 3
    if configuration < 12:
        tenths = (100, 200, 400, 600)[configuration & 3]
    elif configuration < 16:
        tenths = (100, 200)[configuration & 1]
    else:
        tenths = (25, 50, 100, 200)[configuration & 3]
    count = (1, 2, 2, packet[1] & 63 if len(packet) > 1 else 0)[code]
    return count * tenths * _OPUS_HERTZ // 10_000


def _checksum(content: bytes | bytearray) -> int:
    """Ogg's CRC-32: polynomial 0x04c11db7, nothing inverted or reflected."""
    table, value = _table(), 0
    for byte in content:
        value = (value << 8 & 0xFFFF_FFFF) ^ table[value >> 24 ^ byte]
    return value


@cache
def _table() -> tuple[int, ...]:
    values = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C1_1DB7 if value >> 31 else 0)) & 0xFFFF_FFFF
        values.append(value)
    return tuple(values)
