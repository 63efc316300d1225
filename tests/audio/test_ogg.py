"""Every link of a chain of Ogg streams is read, and nothing beside the sound."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from tests.audio.odd_files import (
    encoded,
    first_channel,
    reference,
    samples,
)


def test_a_flac_in_ogg_is_read_in_all_its_links(tmp_path: Path) -> None:
    one, two = (ogg_flac(encoded("FLAC", "PCM_16", hertz=hertz)) for hertz in (440.0, 880.0))
    found, _ = first_channel(tmp_path, one)
    np.testing.assert_array_equal(found, samples())
    found, notes = first_channel(tmp_path, one + two)
    np.testing.assert_array_equal(found, np.concatenate([samples(), samples(880.0)]))
    assert notes == ["2 sounds one behind the other were read as one"]


def ogg_flac(content: bytes) -> bytes:
    """One page for the description of the stream, others for the rest of it."""
    description = b"\x7fFLAC\1\0\0\1" + content[:42]
    rest = content[42:]
    pieces = [description, *(rest[at : at + 5000] for at in range(0, len(rest), 5000))]
    pages = []
    for number, piece in enumerate(pieces):
        flags = 2 if not number else 4 if number == len(pieces) - 1 else 0
        table = bytes([255] * (len(piece) // 255) + [len(piece) % 255])
        fixed = struct.pack("<BBqIII", 0, flags, 0, 7, number, 0)
        pages.append(b"OggS" + fixed + bytes([len(table)]) + table + piece)
    return b"".join(pages)


def test_another_stream_beside_the_sound_is_left_alone(tmp_path: Path) -> None:
    content = encoded("OGG", "VORBIS")
    edges = [at for at in range(len(content)) if content.startswith(b"OggS\0", at)]
    first, rest = content[: edges[1]], content[edges[1] :]
    head = b"OggS\0\2" + bytes(8) + b"film" + bytes(8) + b"\1\7\x80theora"
    more = b"OggS\0\0" + bytes(8) + b"film" + bytes(8) + b"\1\4abcd"
    found, notes = first_channel(tmp_path, head + first + more + rest + more)
    np.testing.assert_array_equal(found, reference(content))
    assert notes == []
