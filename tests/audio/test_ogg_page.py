"""What is left of a cut Ogg page is a page that a decoder takes."""

from __future__ import annotations

import struct

import pytest

from soundgan.audio.ogg_page import whole_packets
from tests.audio.odd_files import EVERY, encoded


def pages(kind: str) -> list[bytes]:
    content = encoded(*EVERY[kind])
    edges = [at for at in range(len(content)) if content.startswith(b"OggS\0", at)]
    return [content[a:b] for a, b in zip(edges, [*edges[1:], len(content)], strict=True)]


def position(page: bytes) -> int:
    found: int = struct.unpack_from("<q", page, 6)[0]
    return found


def packets(page: bytes) -> list[bytes]:
    """The packets that end in a page."""
    found, at, begin = [], 27 + page[26], 27 + page[26]
    for length in page[27 : 27 + page[26]]:
        at += length
        if length < 255:
            found.append(page[begin:at])
            begin = at
    return found


@pytest.mark.parametrize("kind", ["vorbis", "opus"])
def test_a_whole_page_of_whole_packets_is_itself(kind: str) -> None:
    """Its checksum, too: libogg computed the other one."""
    for page in pages(kind):
        assert whole_packets(page, codec="Vorbis", before=0) == page


@pytest.mark.parametrize("kind", ["vorbis", "opus"])
@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9])
def test_of_a_cut_page_the_whole_packets_are_left(kind: str, kept: float) -> None:
    page = max(pages(kind), key=len)
    cut = page[: int(len(page) * kept)]
    left = packets(whole_packets(cut, codec="Vorbis", before=0))
    whole = packets(page)
    assert 0 < len(left) < len(whole)
    assert left == whole[: len(left)]
    assert len(b"".join(left)) + 27 + page[26] <= len(cut)


def test_a_cut_opus_page_is_told_where_its_packets_end() -> None:
    page = max(pages("opus"), key=len)
    left = whole_packets(page[: len(page) // 2], codec="Opus", before=4800)
    assert position(left) == 4800 + 960 * len(packets(left))  # packets of 20 ms at 48 kHz


@pytest.mark.parametrize("length", [0, 10, 26, 27, 40])
def test_of_less_than_a_packet_nothing_is_left(length: int) -> None:
    page = max(pages("vorbis"), key=len)
    assert whole_packets(page[:length], codec="Vorbis", before=0) == b""
