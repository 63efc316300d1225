"""Where files that ffmpeg decodes end, by their own sizes."""

from __future__ import annotations

import struct

import pytest

from soundgan.audio.foreign_end import notes_behind

ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")


def atom(name: bytes, content: bytes, *, wide: bool = False) -> bytes:
    if wide:
        return struct.pack(">I4sQ", 1, name, len(content) + 16) + content
    return struct.pack(">I4s", len(content) + 8, name) + content


MPEG4 = atom(b"ftyp", b"M4A ") + atom(b"mdat", bytes(3000), wide=True) + atom(b"moov", bytes(99))
ASF = b"".join(
    guid + struct.pack("<Q", 24 + length) + bytes(length)
    for guid, length in ((ASF_HEADER, 300), (b"d" * 16, 5000), (b"i" * 16, 20))
)
TTA = b"TTA1" + struct.pack("<HHHII", 1, 1, 16, 8000, 20_000) + bytes(4)
TTA += struct.pack("<3I", 700, 800, 900) + bytes(4) + b"x" * 2400
APE = b"MAC " + struct.pack("<2H7I", 3990, 0, 52, 24, 40, 44, 5000, 0, 10) + bytes(16)
APE += b"x" * (24 + 40 + 44 + 5000 + 10)
DSF = b"DSD " + struct.pack("<3Q", 28, 4000, 0) + b"x" * 3972
SOUNDS = {"mov": MPEG4, "asf": ASF, "tta": TTA, "ape": APE, "dsf": DSF}


def notes(content: bytes, demuxer: str) -> list[str]:
    return notes_behind(lambda n, at: content[at : at + n], len(content), demuxer)


@pytest.mark.parametrize("demuxer", SOUNDS)
def test_what_is_glued_behind_is_counted_and_tags_are_not(demuxer: str) -> None:
    sound = SOUNDS[demuxer]
    assert notes(sound, demuxer) == []
    for behind in (sound, b"RIFF" + b"\x99" * 5000, b"\x07" * 2000):
        expected = [f"{len(behind)} bytes behind its sound were not read"]
        assert notes(sound + behind, demuxer) == expected
    tag = b"TAG" + b"a title".ljust(125, b"\0")
    assert notes(sound + tag, demuxer) == []
    assert notes(sound + bytes(5000), demuxer) == []


@pytest.mark.parametrize("demuxer", SOUNDS)
def test_a_file_cut_anywhere_has_nothing_behind(demuxer: str) -> None:
    sound = SOUNDS[demuxer]
    for length in range(0, len(sound), 97):
        assert notes(sound[:length], demuxer) == []


def test_data_without_a_stated_end_reach_to_the_end() -> None:
    assert notes(atom(b"ftyp", b"M4A ") + struct.pack(">I4s", 0, b"mdat") + MPEG4, "mov") == []
    data = ASF[:324] + b"d" * 16 + struct.pack("<Q", 0) + ASF
    assert notes(data, "asf") == []
    assert notes(b"anything" * 900, "mpegts") == []
