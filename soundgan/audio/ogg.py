"""Ogg: pages of several streams, side by side and one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from soundgan.audio.flac import flac_part
from soundgan.audio.ogg_page import whole_packets
from soundgan.audio.parts import Layout, Part, Piece, Read
from soundgan.audio.tags import skip_tags

CAPTURE = b"OggS\0"
_HEADER_BYTES, _PAGE_BYTES = 27, 27 + 255 + 255 * 255
_WINDOW = 1 << 20
_FIRST, _LAST = 2, 4
_SMALL = 1024
_FLAC_HEAD = 9
"""What stands in front of the native beginning of a FLAC stream in its first packet."""

_CODECS = {b"\x01vorbis": "Vorbis", b"OpusHead": "Opus", b"\x7fFLAC": "FLAC"}
_FOREIGN = {b"Speex  ": "Speex", b"PCM     ": "PCM", b"CELT    ": "CELT"}


@dataclass(frozen=True)
class _Page:
    """One page: its flags, its stream, where it lies, where its content lies."""

    flags: int
    serial: int
    begin: int
    content: int
    end: int


@dataclass
class _Link:
    """What begins together: the streams of one file of a chain, of which one is heard.

    Attributes:
        codec: Of the stream that is heard; empty when none can be.
        serial: Its number.
        pages: Its pages.
        cut: The last of its pages, where that is not whole.
        begun: Whether a page that begins no stream has come.
        ended: Whether its last page says that it is the last.
    """

    codec: str = ""
    serial: int = -1
    pages: list[_Page] = field(default_factory=list)
    cut: _Page | None = None
    begun: bool = False
    ended: bool = False


def ogg_codec(head: bytes) -> str | None:
    """The codec of a sound that libsndfile cannot decode, when the file begins with one."""
    if head.startswith(CAPTURE) and len(head) > _HEADER_BYTES:
        packet = head[_HEADER_BYTES + head[26] :]
        return next((name for mark, name in _FOREIGN.items() if packet.startswith(mark)), None)
    return None


def lay_out_ogg(read: Read, size: int) -> Layout:
    """One part for each file of a chain, of one stream each."""
    links, passed, cut = _links(read, size)
    heard = [link for link in links if link.codec]
    notes = [f"{passed} bytes in it are no Ogg and were passed over"] if passed > _SMALL else []
    lost = cut or (bool(heard) and not heard[-1].ended)
    return Layout(
        tuple(_part(read, link, size) for link in heard),
        size,
        tuple(notes),
        "incomplete: the end of the stream is missing" if lost else None,
    )


def _links(read: Read, size: int) -> tuple[list[_Link], int, bool]:
    """The links of the chain, the bytes between pages, and whether a page is not whole."""
    links: list[_Link] = []
    passed, expected = 0, 0
    for page in _pages(read, size):
        passed += page.begin - skip_tags(read, expected, page.begin)
        expected = page.end
        if page.end > size:
            if links and links[-1].serial == page.serial:
                links[-1].cut = page
            return links, passed, True
        if page.flags & _FIRST and (not links or links[-1].begun):
            links.append(_Link())
        if not links:
            continue
        link = links[-1]
        if page.flags & _FIRST:
            _choose(read, link, page)
        else:
            link.begun = True
        if page.serial == link.serial:
            link.pages.append(page)
            link.ended = bool(page.flags & _LAST)
    return links, passed + size - skip_tags(read, expected, size), False


def _choose(read: Read, link: _Link, page: _Page) -> None:
    """Listen to the stream that begins with ``page`` if it is the first that can be heard."""
    start = read(8, page.content)
    codec = next((name for mark, name in _CODECS.items() if start.startswith(mark)), "")
    if codec and not link.codec:
        link.codec, link.serial = codec, page.serial


def _pages(read: Read, size: int) -> Iterator[_Page]:
    """All pages, the last of which may reach beyond the end; rubbish between is passed over."""
    position, window, base = 0, b"", 0
    while position < size:
        inside = position - base
        if inside < 0 or inside + _PAGE_BYTES > len(window):
            window, base, inside = read(_WINDOW, position), position, 0
        if not window.startswith(CAPTURE, inside):
            at = window.find(CAPTURE, inside + 1)
            position = base + (at if at >= 0 else max(inside + 1, len(window) - len(CAPTURE) + 1))
            continue
        fixed = window[inside : inside + _HEADER_BYTES].ljust(_HEADER_BYTES, b"\0")
        content = position + _HEADER_BYTES + fixed[26]
        table = window[inside + _HEADER_BYTES : inside + _HEADER_BYTES + fixed[26]]
        end = content + sum(table) if len(table) == fixed[26] else size + 1
        yield _Page(fixed[5], int.from_bytes(fixed[14:18], "little"), position, content, end)
        position = end


def _part(read: Read, link: _Link, size: int) -> Part:
    if link.codec != "FLAC":
        pieces: list[Piece] = [*_joined([(page.begin, page.end) for page in link.pages])]
        if link.cut:
            rest = read(size - link.cut.begin, link.cut.begin)
            before = read(8, link.pages[-1].begin + 6)
            position = int.from_bytes(before, "little", signed=True)
            pieces.append(whole_packets(rest, codec=link.codec, before=position))
        return Part(tuple(pieces))
    first, *others = link.pages
    begin = first.content + _FLAC_HEAD
    more = tuple((page.content, page.end) for page in others)
    return flac_part(begin, first.end, more, read(min(42, first.end - begin), begin))


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same ranges, neighbours in one."""
    if not ranges:
        return []
    breaks = [i + 1 for i, (one, two) in enumerate(pairwise(ranges)) if one[1] != two[0]]
    edges = [0, *breaks, len(ranges)]
    return [(ranges[a][0], ranges[b - 1][1]) for a, b in pairwise(edges)]
