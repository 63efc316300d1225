"""WAV, RF64, W64, AIFF, CAF and AU: samples as they are, behind a header that states their size.

The size is wrong where a writer could not go back to fill it in, where it did not fit its 32 bits,
and where the file was cut. What is there decides; the header is mended for the decoder.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace

from soundgan.audio.chunks import (
    AIFF,
    CAF,
    RIFF,
    RIFX,
    W64,
    Form,
    is_cut_chunk,
    is_foreign,
    is_plain,
    reach,
    starts,
)
from soundgan.audio.continuing import continues
from soundgan.audio.parts import Layout, Part, Piece, Read
from soundgan.audio.stated_size import (
    PIECE_BYTES,
    Samples,
    is_placeholder,
    is_small,
    mended,
    part_of,
    told,
    too_many,
)


def lay_out_wav(read: Read, size: int) -> Layout | None:
    """WAV with 32-bit sizes of either byte order, and RF64; ``None`` without samples."""
    start = read(4, 0)
    form = RIFX if start == b"RIFX" else RIFF
    found = _find(read, form)
    if found is not None and start == b"RF64":
        found = _sized_by_ds64(read, found)
    if found is None:
        return None
    repeated, more = _repeated(read, size, found, form)
    ends = starts(min(size, more[-1][1]), form) if more else ()
    behind = max((reach(read, size, end, form)[0] for end in ends), default=0)
    layout = _joined(found, more, size, behind) if more else _lay_out(read, size, found, form)
    parts = tuple(_without(part, repeated) for part in layout.parts)
    return replace(layout, parts=parts)


def lay_out_aiff(read: Read, size: int) -> Layout | None:
    """AIFF and AIFC; ``None`` without samples."""
    found = _find(read, AIFF)
    if found is None:
        return None
    inner = Samples(found.field, found.begin + 8, max(0, found.length - 8), extra=8)
    return _lay_out(read, size, inner, AIFF)


def lay_out_caf(read: Read, size: int) -> Layout | None:
    """CAF, whose last chunk may say that it reaches to the end."""
    found = _find(read, CAF)
    if found is None:
        return None
    unknown = found.length < 0
    length = size if unknown else found.length
    inner = Samples(found.field, found.begin + 4, max(0, length - 4), extra=4)
    return _lay_out(read, size, inner, CAF, placeholder=unknown)


def lay_out_w64(read: Read, size: int) -> Layout | None:
    """Sony Wave64."""
    found = _find(read, W64)
    return None if found is None else _lay_out(read, size, found, W64)


def lay_out_au(read: Read, size: int) -> Layout | None:
    """AU: one header, and samples to the end."""
    header = read(12, 0)
    if len(header) < 12:
        return None
    begin, length = struct.unpack_from(">II", header, 4)
    return _lay_out(read, size, Samples((8, ">I"), begin, length), None)


LAY_OUT: dict[str, Callable[[Read, int], Layout | None]] = {
    "wav": lay_out_wav,
    "aiff": lay_out_aiff,
    "caf": lay_out_caf,
    "w64": lay_out_w64,
    "au": lay_out_au,
}


def _find(read: Read, form: Form) -> Samples | None:
    for name, begin, length in form.chunks(read, form.first):
        if name == form.samples:
            width = 8 if form.counted or form is CAF else 4
            sign = form.head[0] + {4: "I", 8: "q" if form is CAF else "Q"}[width]
            stated = max(0, length) if form.counted else length
            plain = form is not W64  # of which libsndfile takes all to the end for samples
            return Samples((begin - width, sign), begin, stated, form.counted, plain)
    return None


def _sized_by_ds64(read: Read, found: Samples) -> Samples:
    """RF64 states its size in a chunk of its own, unless it fits the usual place."""
    chunk = read(24, 12)
    if chunk[:4] != b"ds64" or len(chunk) < 24 or found.length != 0xFFFF_FFFF:
        return found
    offset = 12 + 8 + 8
    length: int = struct.unpack("<Q", read(8, offset))[0]
    return Samples((offset, "<Q"), found.begin, length)


def _lay_out(
    read: Read, size: int, found: Samples, form: Form | None, *, placeholder: bool = False
) -> Layout:
    """Decide where the samples end, and mend the header if it says something else."""
    there = max(0, size - found.begin)
    if not found.length and _begins_again(read, found.begin):
        return Layout((), found.begin)
    if not found.length and _begins_again(read, size - found.begin):
        there -= found.begin
    if found.length > there:
        known = placeholder or is_placeholder(found)
        notes, loss = too_many(found, size, known=known)
        return Layout(mended(found, there), size, notes, loss)
    end = found.begin + found.length
    wraps = 0 if found.wide else (size - end) >> 32
    end += wraps << 32  # a 32-bit size began anew at 4 GiB, perhaps several times
    behind, chunks = max(reach(read, size, begin, form) for begin in starts(end, form))
    clean = behind >= size
    if clean or (found.length and is_small(size - behind, found.length)):
        return told(found, end - found.begin, size, clean=clean)
    if found.length and (chunks or is_foreign(read, behind, size)):
        return told(found, end - found.begin, behind)
    if is_cut_chunk(read, behind, form) or (found.length and not _goes_on(read, found, end, size)):
        return told(found, end - found.begin, behind)
    return told(found, there, size)


def _goes_on(read: Read, found: Samples, end: int, size: int) -> bool:
    """Whether what lies behind ``end`` is more of the sound."""
    pieces = max(0, (end - found.begin - 1) // PIECE_BYTES - 1)
    begin = found.begin + pieces * PIECE_BYTES
    before, whole = (part_of(found, begin, stop) for stop in (end, min(size, end + PIECE_BYTES)))
    return continues(read, before, whole)


Ranges = list[tuple[int, int]]


def _repeated(read: Read, size: int, found: Samples, form: Form) -> tuple[Ranges, Ranges]:
    """Descriptions of the format behind the first, and, if there are several, all samples."""
    formats: Ranges = []
    samples: Ranges = []
    for name, begin, length in form.chunks(read, form.first):
        stated = found.length if begin == found.begin else length
        if not is_plain(name) or (stated > size - begin and not (samples and name == form.samples)):
            break
        if name == b"fmt " and not samples:
            formats.append((begin - 8, begin + length + length % 2))
        elif name == form.samples:
            samples.append((begin, begin + stated))  # the last may be cut short
    return formats[1:], samples if len(samples) > 1 else []


def _joined(found: Samples, samples: Ranges, size: int, behind: int) -> Layout:
    """Several chunks of samples, one behind the other."""
    short = max(0, samples[-1][1] - size)
    parts = [part_of(found, begin, min(end, size)) for begin, end in samples if end > begin]
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
