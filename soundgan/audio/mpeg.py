"""MPEG layers II and III: frame by frame, because nothing else in such a file is to be believed."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from soundgan.audio.parts import Layout, Part, Piece, Read
from soundgan.audio.tags import skip_tags

_BITRATES_MPEG1 = {
    2: (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
_BITRATES_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES = (44100, 48000, 32000)
_WINDOW = 1 << 20
_TAG_SEARCH = 64
"""The tag that counts frames begins within so many bytes of its frame."""

_ROOMY = 9
"""Index of a bit rate whose frames have room for a tag in every version and layer."""

_LAYER_III = 1
_NEAR = 1 << 14
_SMALL = 1024
"""Bytes between frames that nobody misses."""


def mp3_frame_bytes(header: bytes) -> int:
    """Length of the MPEG layer II or III frame with this 4-byte header; 0 when it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return 0
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    bitrate_index, rate_index = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or layer not in (2, 3) or not 0 < bitrate_index < 15 or rate_index == 3:
        return 0
    first_version = version == 3
    table = _BITRATES_MPEG1[layer] if first_version else _BITRATES_MPEG2
    rate = _RATES[rate_index] >> (0 if first_version else 1 if version == 2 else 2)
    factor = 144 if first_version or layer == 2 else 72
    return factor * table[bitrate_index] * 1000 // rate + (header[2] >> 1 & 1)


def first_mp3_frame(head: bytes, *, least: int = 2) -> int | None:
    """Offset of the first of ``least`` frames in a row, or ``None``.

    One header is four bytes, of which chance finds many in any file; two at the right distance
    it finds rarely. Where ``head`` ends within the row, two are enough.
    """
    position = head.find(b"\xff")
    while 0 <= position <= len(head) - 4:
        if _is_row(head, position, least):
            return position
        position = head.find(b"\xff", position + 1)
    return None


def _is_row(head: bytes, position: int, least: int) -> bool:
    for count in range(least):
        header = head[position : position + 4]
        if count >= 2 and len(header) < 4:
            return True
        length = mp3_frame_bytes(header)
        if not length:
            return False
        position += length
    return True


def lay_out_mp3(read: Read, size: int) -> Layout:
    """The parts of an MP3 that begins with a frame: one for each file that was glued into it."""
    return _Walk(read, size).layout()


@dataclass
class _Run:
    """Frames that belong together.

    Attributes:
        key: Version, layer, rate and whether it is mono.
        tag: The frame that counts the others, when there is one.
        stated: How many it counts.
        frames: How many there are, without it.
        ranges: Where they are.
    """

    key: tuple[int, int, int, bool]
    tag: bytes = b""
    stated: int | None = None
    frames: int = 0
    ranges: list[tuple[int, int]] = field(default_factory=list)

    def add(self, begin: int, end: int) -> None:
        """One frame more."""
        self.frames += 1
        if self.ranges and self.ranges[-1][1] == begin:
            self.ranges[-1] = (self.ranges[-1][0], end)
        else:
            self.ranges.append((begin, end))

    def part(self, read: Read) -> Part:
        """With a tag that counts its frames, without which a decoder guesses and stops there."""
        pieces: tuple[Piece, ...] = tuple(self.ranges)
        if self.tag and self.stated is not None and self.frames <= self.stated + 1:
            return Part((self.tag, *pieces))
        if self.key[1] != _LAYER_III:  # whose bit rate is constant, so that the guess is right
            return Part(pieces)
        return Part((_counting_frame(read(4, self.ranges[0][0]), self.frames), *pieces))


class _Walk:
    """Goes from frame to frame."""

    def __init__(self, read: Read, size: int) -> None:
        self._read = read
        self._size = size
        self._window, self._base = b"", 0
        self._runs: list[_Run] = []
        self._passed = 0
        self._cut = False

    def layout(self) -> Layout:
        """See :func:`lay_out_mp3`."""
        position = 0
        while position < self._size:
            header = self._at(position)
            length = mp3_frame_bytes(header)
            if not length or not self._continues(header, position + length):
                step = self._step_over(position)
                if step is None:
                    break
                position = step
                continue
            if position + length > self._size:
                self._cut = True
                break
            self._take(position, header, length)
            position += length
        runs = [run for run in self._runs if run.frames]
        return Layout(
            tuple(run.part(self._read) for run in runs), self._size, self._notes(), self._loss(runs)
        )

    def _at(self, position: int, count: int = 4) -> bytes:
        inside = position - self._base
        if not 0 <= inside <= len(self._window) - count:
            self._window, self._base, inside = self._read(_WINDOW, position), position, 0
        return self._window[inside : inside + count]

    def _continues(self, header: bytes, following: int) -> bool:
        """Whether a frame goes on as those before it did, or another follows that does."""
        if self._runs and _key(header) == self._runs[-1].key:
            return True
        after = self._at(following)
        return bool(mp3_frame_bytes(after)) or (not self._runs and len(after) < 4)

    def _take(self, position: int, header: bytes, length: int) -> None:
        head = self._at(position, min(length, _TAG_SEARCH))
        if any(tag in head for tag in (b"Xing", b"Info", b"VBRI")):
            content = self._read(length, position)
            self._runs.append(_Run(_key(header), content, _stated_frames(content)))
            return
        if not self._runs or self._runs[-1].key != _key(header):
            self._runs.append(_Run(_key(header)))
        self._runs[-1].add(position, position + length)

    def _step_over(self, position: int) -> int | None:
        """The next frame behind tags or rubbish, or ``None`` when there is none."""
        behind = skip_tags(self._read, position, self._size)
        if behind > position:
            return behind
        start, width = position + 1, _NEAR
        while start < self._size:
            frame = first_mp3_frame(self._read(width, start), least=4)
            if frame is not None:
                self._passed += start + frame - position
                return start + frame
            start, width = start + width // 2, min(2 * width, _WINDOW)
        self._passed += self._size - position
        return None

    def _notes(self) -> tuple[str, ...]:
        notes = []
        if self._cut:
            notes.append("its last frame is not whole")
        if self._passed > _SMALL:
            notes.append(f"{self._passed} bytes in it are no MP3 and were passed over")
        return tuple(notes)

    def _loss(self, runs: list[_Run]) -> str | None:
        """By the frames that a tag counts, less a hundredth for what editors do at the end."""
        for run in runs:
            stated = run.stated or 0
            if run.frames < stated - max(1, stated // 100):
                return f"incomplete: {run.frames} of the {stated} frames that it counts are there"
        return None


def _key(header: bytes) -> tuple[int, int, int, bool]:
    return header[1] >> 3 & 3, header[1] >> 1 & 3, header[2] >> 2 & 3, header[3] >> 6 == 3


def _stated_frames(content: bytes) -> int | None:
    """The number of frames in a Xing, Info or VBRI tag, or ``None``."""
    for name in (b"Xing", b"Info"):
        at = content.find(name, 0, _TAG_SEARCH)
        if at >= 0 and len(content) >= at + 12:
            flags, frames = struct.unpack_from(">II", content, at + 4)
            return int(frames) if flags & 1 else None
    at = content.find(b"VBRI", 0, _TAG_SEARCH)
    return int.from_bytes(content[at + 14 : at + 18]) if 0 <= at <= len(content) - 18 else None


def _counting_frame(header: bytes, frames: int) -> bytes:
    """A silent frame before those with this ``header``, with a tag that counts them."""
    made = bytes((0xFF, header[1] | 1, header[2] & 0x0C | _ROOMY << 4, header[3]))
    mono, first_version = header[3] >> 6 == 3, header[1] >> 3 & 3 == 3
    side = (17 if mono else 32) if first_version else (9 if mono else 17)
    content = made + bytes(side) + b"Xing" + struct.pack(">II", 1, frames)
    return content + bytes(max(0, mp3_frame_bytes(made) - len(content)))
