"""Whether a sound was made by this program, as it says itself."""

from __future__ import annotations

from collections.abc import Callable

MARK = '"soundgan": "'
"""Stands in the comment of every sound that is made here, as the first of its JSON's keys or not.

Demonstration sounds do not carry it: they are there to be learned from.
"""

_MARKS = (MARK.encode(), MARK.encode("utf-16-le"))
_ENDS_BYTES = 1 << 16
"""Comments stand near an end of a file, in any container and under any name."""


def made_here(read: Callable[[int, int], bytes], size: int) -> bool:
    """Whether the mark is near an end of a file, audio or not.

    It survives another name or place, and a conversion that keeps comments.

    Args:
        read: Takes a count and a position.
        size: Bytes of the file.
    """
    ends = read(_ENDS_BYTES, 0)
    if size > _ENDS_BYTES:
        ends += read(_ENDS_BYTES, max(_ENDS_BYTES, size - _ENDS_BYTES))
    return any(mark in ends for mark in _MARKS)
