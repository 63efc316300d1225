"""Chunks that tell samplers what a WAV file is: its key, and where sounds begin in it."""

from __future__ import annotations

import struct
from collections.abc import Sequence

Chunk = tuple[bytes, bytes]
"""Name and content."""


def key_chunks(
    sample_rate: int, note: int, velocity: tuple[int, int] = (1, 127)
) -> tuple[Chunk, Chunk]:
    """``smpl`` and ``inst`` of a sound that lies on one key, at its own pitch.

    Args:
        sample_rate: Hz.
        note: MIDI number of the key.
        velocity: Lowest and highest at which it is played.
    """
    period_ns = round(1e9 / sample_rate)
    # Manufacturer, product, period, note, pitch fraction, SMPTE format and offset, loops, extra.
    smpl = struct.pack("<9I", 0, 0, period_ns, note, 0, 0, 0, 0, 0)
    # Note, fine tune in cents, gain in dB, lowest and highest note, lowest and highest velocity.
    inst = struct.pack("<BbbBBBB", note, 0, 0, note, note, *velocity)
    return (b"smpl", smpl), (b"inst", inst)


def cue_chunks(starts: Sequence[int], names: Sequence[str]) -> tuple[Chunk, Chunk]:
    """``cue `` points where sounds begin, and their names in a ``LIST`` of ``labl``.

    Args:
        starts: Samples from the beginning of the file.
        names: One for each.
    """
    points = b"".join(
        struct.pack("<II4sIII", number, start, b"data", 0, 0, start)
        for number, start in enumerate(starts, 1)
    )
    labels = b""
    for number, name in enumerate(names, 1):
        text = struct.pack("<I", number) + name.encode("utf-8", "replace") + b"\0"
        labels += b"labl" + struct.pack("<I", len(text)) + text + bytes(len(text) % 2)
    return (b"cue ", struct.pack("<I", len(starts)) + points), (b"LIST", b"adtl" + labels)
