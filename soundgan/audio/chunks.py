"""Chunks of a file: a name, a size, a content; and what lies behind the last of them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from soundgan.audio.foreign import foreign
from soundgan.audio.mpeg import first_mp3_frame
from soundgan.audio.parts import Read
from soundgan.audio.sniff import HEAD_BYTES, container
from soundgan.audio.tags import skip_tags

MAX_CHUNKS = 10_000
_LINE = 1024
"""Bytes that are looked at to tell text from samples."""


@dataclass(frozen=True)
class Form:
    """How chunks are written.

    Attributes:
        head: Of a chunk's header: name and size.
        first: Offset of the first chunk.
        samples: Name of the chunk of samples.
        counted: Bytes of its own header that a chunk's size counts.
        align: Chunks begin at multiples of so many bytes.
    """

    head: str
    first: int
    samples: bytes
    counted: int = 0
    align: int = 2

    def chunks(self, read: Read, position: int) -> Iterator[tuple[bytes, int, int]]:
        """Name, offset and stated length of the content of each chunk."""
        width = struct.calcsize(self.head)
        for _ in range(MAX_CHUNKS):
            header = read(width, position)
            if len(header) < width:
                return
            name, length = struct.unpack(self.head, header)
            length -= self.counted
            if length < 0 and name[:4] != self.samples:
                return
            yield name[:4], position + width, length
            position += width + length
            position += -position % self.align


RIFF = Form("<4sI", 12, b"data")
RIFX = Form(">4sI", 12, b"data")
AIFF = Form(">4sI", 12, b"SSND")
CAF = Form(">4sq", 8, b"data", align=1)
W64 = Form("<16sQ", 40, b"data", counted=24, align=8)


def starts(end: int, form: Form | None) -> tuple[int, ...]:
    """Where chunks behind the samples may begin: not every writer pads to an even offset."""
    padded = end + (-end % form.align if form else 0)
    return (padded,) if padded == end else (padded, end)


def reach(read: Read, size: int, position: int, form: Form | None) -> tuple[int, bool]:
    """The first offset from ``position`` on that no chunk, tag or zero covers.

    Also whether there was a chunk.
    """
    chunks = False
    for _ in range(MAX_CHUNKS):
        step = _chunk_end(read, size, position, form) if form else position
        chunks = chunks or step > position
        step = skip_tags(read, step, size)
        if step == position:
            break
        position = step
    return position, chunks


def _chunk_end(read: Read, size: int, position: int, form: Form) -> int:
    """Where the chunk at ``position`` ends, or ``position`` when there is none."""
    for name, begin, length in form.chunks(read, position):
        if is_plain(name) and 0 <= length <= size - begin:
            end = begin + length
            return min(size, end + -end % form.align)
        break
    return position


def is_plain(name: bytes) -> bool:
    """Whether it may be the name of a chunk."""
    return name not in _FILES and all(0x20 <= byte < 0x7F for byte in name)


_FILES = (b"RIFF", b"RIFX", b"RF64", b"FORM", b"riff", b"caff", b".snd")
"""Beginnings of a second file; as a chunk they would pass for a long one."""

_STRANGERS = (b"ID3", b"PK\3\4", b"\x89PNG", b"\xff\xd8\xff", b"%PDF", b"GIF8", b"Rar!", b"SQLite")

_CHUNKS = frozenset(
    (
        b"LIST", b"list", b"bext", b"iXML", b"_PMX", b"cue ", b"smpl", b"inst", b"fact", b"plst",
        b"acid",
        b"JUNK", b"junk", b"PAD ", b"FLLR", b"id3 ", b"ID3 ", b"afsp", b"DISP", b"axml", b"chna",
        b"cart", b"umid", b"minf", b"elm1", b"regn", b"levl", b"PEAK", b"strc", b"ResU", b"Cr8r",
        b"clm ", b"tlst", b"SAUR", b"LGWV", b"wavl", b"slnt", b"labl", b"note", b"fmt ",
        b"MARK", b"COMT", b"INST", b"NAME", b"AUTH", b"(c) ", b"ANNO", b"APPL", b"MIDI", b"AESD",
        b"SAXL", b"basc", b"trns", b"cate", b"CHAN", b"COMM", b"info", b"strg", b"mark", b"midi",
        b"uuid", b"ovvw", b"edct", b"chan", b"kuki", b"pakt", b"free",
    )
)  # fmt: skip
"""Chunks that stand behind samples; by chance samples begin so once in 80 million files."""


def is_foreign(read: Read, position: int, size: int) -> bool:
    """Whether what lies at ``position`` is something else than more samples."""
    head = read(HEAD_BYTES, position)
    if container(head) or head.startswith(_STRANGERS) or first_mp3_frame(head, least=4) == 0:
        return True
    if foreign(lambda count, at: read(count, position + at), size - position):
        return True
    text = head[:_LINE].replace(b"\0", b"")  # also of two bytes to a letter
    return all(0x20 <= byte < 0x7F or byte in b"\t\r\n" for byte in text)


def is_cut_chunk(read: Read, position: int, form: Form | None) -> bool:
    """Whether a chunk begins there of which, as nothing covers it, the end is missing."""
    return form is not None and read(4, position) in _CHUNKS
