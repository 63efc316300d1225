"""Pieces of a file, read as if they were a file of their own."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import accumulate

Read = Callable[[int, int], bytes]
"""At most so many bytes of a file from a position on; fewer only at its end."""

Piece = bytes | tuple[int, int]
"""Bytes that stand in for others, or a stretch of the file from one offset to another."""

_BEGIN, _CURRENT = 0, 1


@dataclass(frozen=True)
class Part:
    """One sound, whole enough for a decoder.

    Attributes:
        pieces: What the decoder reads.
        promised: Samples per channel that the file states but the decoder is not told.
    """

    pieces: tuple[Piece, ...]
    promised: int | None = None

    def shifted(self, offset: int) -> Part:
        """The same part of a file that has so many bytes more in front."""
        moved = (
            piece if isinstance(piece, bytes) else (piece[0] + offset, piece[1] + offset)
            for piece in self.pieces
        )
        return replace(self, pieces=tuple(moved))


@dataclass(frozen=True)
class Layout:
    """Where the sound of a file lies.

    Attributes:
        parts: Sounds to be decoded one after the other.
        end: Where it ends. Something else may follow, such as a second file glued to the first.
        notes: What is odd about it, without loss.
        loss: How the file falls short of what it promises, or ``None``.
    """

    parts: tuple[Part, ...]
    end: int
    notes: tuple[str, ...] = ()
    loss: str | None = None


class View:
    """Pieces of a file, one after the other, as libsndfile wants a file to be.

    Attributes:
        size: Bytes.
        reached: End of what has been read so far.
        failure: What reading raised; the decoder has seen the end of the file instead.
    """

    def __init__(self, read: Read, pieces: Iterable[Piece]) -> None:
        self._read = read
        self._pieces = tuple(pieces)
        lengths = [len(p) if isinstance(p, bytes) else p[1] - p[0] for p in self._pieces]
        self._starts = list(accumulate(lengths, initial=0))
        self.size = self._starts[-1]
        self.reached = 0
        self.failure: Exception | None = None
        self._position = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move as ``io`` does."""
        base = {_BEGIN: 0, _CURRENT: self._position}.get(whence, self.size)
        self._position = min(max(0, base + offset), self.size)
        return self._position

    def tell(self) -> int:
        """The position."""
        return self._position

    def readinto(self, buffer: memoryview) -> int:
        """Fill ``buffer`` as far as there is something; returns the number of bytes."""
        done, wanted = 0, len(buffer)
        while done < wanted:
            content = self._next(wanted - done)
            if not content:
                break
            buffer[done : done + len(content)] = content
            done += len(content)
            self._position += len(content)
        self.reached = max(self.reached, self._position)
        return done

    def _next(self, count: int) -> bytes:
        """Some bytes at the position, at most ``count``, from one piece."""
        if self._position >= self.size:
            return b""
        index = bisect_right(self._starts, self._position) - 1
        offset = self._position - self._starts[index]
        piece = self._pieces[index]
        if isinstance(piece, bytes):
            return piece[offset : offset + count]
        begin = piece[0] + offset
        try:
            return self._read(min(count, piece[1] - begin), begin)
        except Exception as error:  # noqa: BLE001 - a callback of C code must not raise
            self.failure = error
            return b""
