"""Where the sounds of a file lie, in every container that can be decoded here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from soundgan.audio.chunked import LAY_OUT
from soundgan.audio.flac import lay_out_flac
from soundgan.audio.mpeg import first_mp3_frame, lay_out_mp3
from soundgan.audio.ogg import lay_out_ogg
from soundgan.audio.parts import Layout, Part, Read
from soundgan.audio.sniff import HEAD_BYTES, Found, container
from soundgan.audio.tags import skip_tags

MOST_SOUNDS = 1000
"""Sounds that a file may hold one behind the other."""

_LAY_OUT: dict[str, Callable[[Read, int], Layout | None]] = LAY_OUT | {
    "flac": lay_out_flac,
    "ogg": lay_out_ogg,
    "mp3": lay_out_mp3,
}


@dataclass(frozen=True)
class Plan:
    """What to decode, and what to say about it.

    Attributes:
        parts: Each with its container, in order.
        notes: What is odd, without loss.
        losses: How the file falls short of what it promises.
    """

    parts: tuple[tuple[str, Part], ...]
    notes: tuple[str, ...]
    losses: tuple[str, ...]


def plan(read: Read, size: int, first: Found) -> Plan:
    """Look through a whole file, in which the first sound is known.

    Args:
        read: Gives bytes of the file.
        size: Bytes in the file.
        first: Where its first sound begins.
    """
    parts: list[tuple[str, Part]] = []
    notes: list[str] = []
    losses: list[str] = []
    kind, begin = first.kind, first.begin
    if begin and skip_tags(read, 0, begin) < begin:
        notes.append(f"{begin} bytes in front of its sound were passed over")
    while True:
        layout = _layout(kind, _from(read, begin), size - begin)
        parts += [(kind, part.shifted(begin)) for part in layout.parts]
        notes += layout.notes
        losses += [layout.loss] if layout.loss else []
        begin += layout.end
        if begin >= size:
            break
        following = _following(read, begin, size)
        if following is None or len(parts) >= MOST_SOUNDS:
            notes.append(f"{size - begin} bytes behind its sound were not read")
            break
        kind, begin = following.kind, following.begin
    if len(parts) > 1 and not _is_one(parts):
        notes.append(f"{len(parts)} sounds one behind the other were read as one")
    return Plan(tuple(parts), tuple(notes), tuple(losses))


def _layout(kind: str, read: Read, size: int) -> Layout:
    lay_out = _LAY_OUT.get(kind)
    found = lay_out(read, size) if lay_out else None
    return found or Layout((Part(((0, size),)),), size)


def _from(read: Read, begin: int) -> Read:
    return (lambda count, position: read(count, begin + position)) if begin else read


def _following(read: Read, position: int, size: int) -> Found | None:
    """The sound that begins at ``position``, or behind the tags that stand there."""
    begin = skip_tags(read, position, size)
    head = read(HEAD_BYTES, begin)
    kind = container(head)
    if kind is None and first_mp3_frame(head, least=4) == 0:
        kind = "mp3"
    return None if kind is None else Found(kind, begin)


def _is_one(parts: Sequence[tuple[str, Part]]) -> bool:
    """Whether the parts are one long sound under one header, given out in pieces."""
    first = parts[0][1].pieces[0]
    return not isinstance(first, bytes) and all(part.pieces[0] == first for _, part in parts)
