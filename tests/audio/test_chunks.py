"""What counts as a chunk behind the samples, and what as something else."""

from __future__ import annotations

import struct

import pytest

from soundgan.audio.chunked import lay_out_wav
from soundgan.audio.parts import Layout
from tests.audio.odd_files import aiff, au, caf, pcm, rf64, w64, wav

SOUND = wav(48_000, pcm())


def layout(content: bytes) -> Layout:
    found = lay_out_wav(lambda count, at: content[at : at + count], len(content))
    assert found is not None
    return found


def chunk(name: bytes, length: int) -> bytes:
    return name + struct.pack("<I", length) + bytes(range(128, 128 + length))


@pytest.mark.parametrize("name", [b"LIST", b"abcd", b"ab  ", b"~~~~"])
def test_a_name_of_letters_begins_a_chunk_behind_the_samples(name: bytes) -> None:
    whole = SOUND + chunk(name, 40)
    assert layout(whole).parts[0].pieces == ((0, len(whole)),)


@pytest.mark.parametrize("name", [b"ab\x7fc", b"ab\x1fc", b"\0abc", b"\xffabc"])
def test_a_name_with_anything_else_does_not(name: bytes) -> None:
    """The header is then mended, so that no decoder takes it for one."""
    found = layout(SOUND + chunk(name, 40))
    assert found.parts[0].pieces[-1] == (44, len(SOUND))


@pytest.mark.parametrize(
    "second",
    [
        SOUND,
        wav(48_000, pcm(">"), order=">"),
        rf64(48_000, pcm()),
        w64(48_024, pcm()),
        aiff(48_008, 24_000, pcm(">")),
        caf(48_004, pcm(">")),
        au(48_000, pcm(">")),
    ],
    ids=lambda content: content[:4].decode(),
)
def test_a_second_file_is_no_chunk_of_the_first(second: bytes) -> None:
    assert layout(SOUND + second).end == len(SOUND)
