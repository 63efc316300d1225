"""WAV, RF64, W64, AIFF, CAF and AU: samples as they are, behind a header that states their size.

The size is wrong where a writer could not go back to fill it in, where it did not fit its 32 bits,
and where the file was cut. What is there decides; the header is mended for the decoder.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from soundgan.audio.continuing import continues
from soundgan.audio.foreign import foreign
from soundgan.audio.mpeg import first_mp3_frame
from soundgan.audio.parts import Layout, Part, Piece, Read
from soundgan.audio.sniff import HEAD_BYTES, container
from soundgan.audio.tags import skip_tags

MAX_CHUNKS = 10_000
_PIECE_BYTES = (1 << 18) * 9 * 5 * 7 * 13
"""A longer sound is given to a decoder with 32-bit sizes in pieces; a multiple of the bytes of a
sample of any width in up to ten channels, and of most blocks. 1 GiB is none of three bytes."""

_SLIP = 64
"""So many bytes too many are a slip of the writer, such as its own header counted in."""

_SMALL = 1024
"""Bytes behind the samples that nobody misses."""


@dataclass(frozen=True)
class _Samples:
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


@dataclass(frozen=True)
class _Form:
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


_RIFF = _Form("<4sI", 12, b"data")
_RIFX = _Form(">4sI", 12, b"data")
_AIFF = _Form(">4sI", 12, b"SSND")
_CAF = _Form(">4sq", 8, b"data", align=1)
_W64 = _Form("<16sQ", 40, b"data", counted=24, align=8)


def lay_out_wav(read: Read, size: int) -> Layout | None:
    """WAV with 32-bit sizes of either byte order, and RF64; ``None`` without samples."""
    start = read(4, 0)
    form = _RIFX if start == b"RIFX" else _RIFF
    found = _find(read, form)
    if found is not None and start == b"RF64":
        found = _sized_by_ds64(read, found)
    if found is None:
        return None
    repeated, more = _repeated(read, size, found, form)
    ends = _starts(min(size, more[-1][1]), form) if more else ()
    behind = max((_behind(read, size, end, form)[0] for end in ends), default=0)
    layout = _joined(found, more, size, behind) if more else _lay_out(read, size, found, form)
    parts = tuple(_without(part, repeated) for part in layout.parts)
    return replace(layout, parts=parts)


def lay_out_aiff(read: Read, size: int) -> Layout | None:
    """AIFF and AIFC; ``None`` without samples."""
    found = _find(read, _AIFF)
    if found is None:
        return None
    inner = _Samples(found.field, found.begin + 8, max(0, found.length - 8), extra=8)
    return _lay_out(read, size, inner, _AIFF)


def lay_out_caf(read: Read, size: int) -> Layout | None:
    """CAF, whose last chunk may say that it reaches to the end."""
    found = _find(read, _CAF)
    if found is None:
        return None
    unknown = found.length < 0
    length = size if unknown else found.length
    inner = _Samples(found.field, found.begin + 4, max(0, length - 4), extra=4)
    return _lay_out(read, size, inner, _CAF, placeholder=unknown)


def lay_out_w64(read: Read, size: int) -> Layout | None:
    """Sony Wave64."""
    found = _find(read, _W64)
    return None if found is None else _lay_out(read, size, found, _W64)


def lay_out_au(read: Read, size: int) -> Layout | None:
    """AU: one header, and samples to the end."""
    header = read(12, 0)
    if len(header) < 12:
        return None
    begin, length = struct.unpack_from(">II", header, 4)
    return _lay_out(read, size, _Samples((8, ">I"), begin, length), None)


LAY_OUT: dict[str, Callable[[Read, int], Layout | None]] = {
    "wav": lay_out_wav,
    "aiff": lay_out_aiff,
    "caf": lay_out_caf,
    "w64": lay_out_w64,
    "au": lay_out_au,
}


def _find(read: Read, form: _Form) -> _Samples | None:
    for name, begin, length in form.chunks(read, form.first):
        if name == form.samples:
            width = 8 if form.counted or form is _CAF else 4
            sign = form.head[0] + {4: "I", 8: "q" if form is _CAF else "Q"}[width]
            stated = max(0, length) if form.counted else length
            plain = form is not _W64  # of which libsndfile takes all to the end for samples
            return _Samples((begin - width, sign), begin, stated, form.counted, plain)
    return None


def _sized_by_ds64(read: Read, found: _Samples) -> _Samples:
    """RF64 states its size in a chunk of its own, unless it fits the usual place."""
    chunk = read(24, 12)
    if chunk[:4] != b"ds64" or len(chunk) < 24 or found.length != 0xFFFF_FFFF:
        return found
    offset = 12 + 8 + 8
    length: int = struct.unpack("<Q", read(8, offset))[0]
    return _Samples((offset, "<Q"), found.begin, length)


def _lay_out(
    read: Read, size: int, found: _Samples, form: _Form | None, *, placeholder: bool = False
) -> Layout:
    """Decide where the samples end, and mend the header if it says something else."""
    there = max(0, size - found.begin)
    if not found.length and _begins_again(read, found.begin):
        return Layout((), found.begin)
    if not found.length and _begins_again(read, size - found.begin):
        there -= found.begin
    if found.length > there:
        known = placeholder or _is_placeholder(found)
        notes, loss = _too_many(found, size, known=known)
        return Layout(_mended(found, there), size, notes, loss)
    end = found.begin + found.length
    wraps = 0 if found.wide else (size - end) >> 32
    end += wraps << 32  # a 32-bit size began anew at 4 GiB, perhaps several times
    behind, chunks = max(_behind(read, size, begin, form) for begin in _starts(end, form))
    clean = behind >= size
    if clean or (found.length and _is_small(size - behind, found.length)):
        return _told(found, end - found.begin, size, clean=clean)
    if found.length and (chunks or _is_foreign(read, behind, size)):
        return _told(found, end - found.begin, behind)
    if _is_cut_chunk(read, behind, form) or (found.length and not _goes_on(read, found, end, size)):
        return _told(found, end - found.begin, behind)
    return _told(found, there, size)


def _goes_on(read: Read, found: _Samples, end: int, size: int) -> bool:
    """Whether what lies behind ``end`` is more of the sound."""
    pieces = max(0, (end - found.begin - 1) // _PIECE_BYTES - 1)
    begin = found.begin + pieces * _PIECE_BYTES
    before, whole = (_part(found, begin, stop) for stop in (end, min(size, end + _PIECE_BYTES)))
    return continues(read, before, whole)


Ranges = list[tuple[int, int]]


def _repeated(read: Read, size: int, found: _Samples, form: _Form) -> tuple[Ranges, Ranges]:
    """Descriptions of the format behind the first, and, if there are several, all samples."""
    formats: Ranges = []
    samples: Ranges = []
    for name, begin, length in form.chunks(read, form.first):
        stated = found.length if begin == found.begin else length
        if not _is_plain(name) or (
            stated > size - begin and not (samples and name == form.samples)
        ):
            break
        if name == b"fmt " and not samples:
            formats.append((begin - 8, begin + length + length % 2))
        elif name == form.samples:
            samples.append((begin, begin + stated))  # the last may be cut short
    return formats[1:], samples if len(samples) > 1 else []


def _joined(found: _Samples, samples: Ranges, size: int, behind: int) -> Layout:
    """Several chunks of samples, one behind the other."""
    short = max(0, samples[-1][1] - size)
    parts = [_part(found, begin, min(end, size)) for begin, end in samples if end > begin]
    note = f"{len(parts)} chunks of samples one behind the other were read as one"
    loss = f"incomplete: {short} bytes of the last chunk of samples are missing" if short else None
    return Layout(tuple(parts), behind, (note,) if len(parts) > 1 else (), loss)


def _without(part: Part, holes: Ranges) -> Part:
    """The same but for some ranges of the file."""
    for begin, end in holes:
        pieces: list[Piece] = []
        for piece in part.pieces:
            if isinstance(piece, bytes) or not piece[0] <= begin < end <= piece[1]:
                pieces.append(piece)
            else:
                pieces += [(piece[0], begin), (end, piece[1])]
        part = replace(part, pieces=tuple(pieces))
    return part


def _begins_again(read: Read, position: int) -> bool:
    """Whether the file's header is repeated there.

    libsndfile, and sox for CAF and W64, write it to a pipe before they know the samples, with
    the first of them, and once more at the end.
    """
    first, again = read(12, 0), read(12, position) if position > 0 else b""
    return (first[:4], first[8:12]) == (again[:4], again[8:12])


def _told(found: _Samples, length: int, end: int, *, clean: bool = False) -> Layout:
    """Samples of another length than stated, with a note; otherwise, if clean, all as it is."""
    if length == found.length and clean and found.plain:
        return Layout((Part(((0, end),)),), end)
    if length == found.length:
        return Layout(_mended(found, length), end)
    note = f"its header states {found.length} bytes of samples; all {length} were read"
    return Layout(_mended(found, length), end, (note,))


def _is_small(count: int, length: int) -> bool:
    """Whether so many bytes behind so many of samples are a remainder that nobody misses."""
    return count <= _SMALL and count < max(_SLIP, length // 4)


def _too_many(found: _Samples, size: int, *, known: bool) -> tuple[tuple[str, ...], str | None]:
    """Note and loss of a file that ends before its header says."""
    if known:
        return (), None
    end = found.begin + found.length
    words = f"{end - size} of the {end} bytes that its header promises are missing"
    if end - size <= _SLIP:
        return (words,), None
    return (), f"incomplete: {words}"


def _is_placeholder(found: _Samples) -> bool:
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


def _starts(end: int, form: _Form | None) -> tuple[int, ...]:
    """Where chunks behind the samples may begin: not every writer pads to an even offset."""
    padded = end + (-end % form.align if form else 0)
    return (padded,) if padded == end else (padded, end)


def _behind(read: Read, size: int, position: int, form: _Form | None) -> tuple[int, bool]:
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


def _chunk_end(read: Read, size: int, position: int, form: _Form) -> int:
    """Where the chunk at ``position`` ends, or ``position`` when there is none."""
    for name, begin, length in form.chunks(read, position):
        if _is_plain(name) and 0 <= length <= size - begin:
            end = begin + length
            return min(size, end + -end % form.align)
        break
    return position


def _is_plain(name: bytes) -> bool:
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


def _is_foreign(read: Read, position: int, size: int) -> bool:
    """Whether what lies at ``position`` is something else than more samples."""
    head = read(HEAD_BYTES, position)
    if container(head) or head.startswith(_STRANGERS) or first_mp3_frame(head, least=4) == 0:
        return True
    if foreign(lambda count, at: read(count, position + at), size - position):
        return True
    text = head[:_SMALL].replace(b"\0", b"")  # also of two bytes to a letter
    return all(0x20 <= byte < 0x7F or byte in b"\t\r\n" for byte in text)


def _is_cut_chunk(read: Read, position: int, form: _Form | None) -> bool:
    """Whether a chunk begins there of which, as nothing covers it, the end is missing."""
    return form is not None and read(4, position) in _CHUNKS


def _mended(found: _Samples, length: int) -> tuple[Part, ...]:
    """Parts that state what they hold."""
    end = found.begin + length
    if found.wide or length <= 0xFFFF_0000:
        return (_part(found, found.begin, end),)
    cuts = [*range(found.begin, end, _PIECE_BYTES), end]
    return tuple(_part(found, a, b) for a, b in pairwise(cuts))


def _part(found: _Samples, begin: int, end: int) -> Part:
    """A stretch of the samples behind a header that states its length."""
    place, form = found.field
    stated = struct.pack(form, end - begin + found.extra)
    behind = place + struct.calcsize(form)
    return Part(((0, place), stated, (behind, found.begin), (begin, end)))
