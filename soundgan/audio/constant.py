"""The level about which a whole sound rests (DC), as far as its first samples tell."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

LISTEN_SAMPLES = 1 << 22
"""So many tell it."""

_HOP_SECONDS = 0.005
_LEAST = 0.002
"""Share of the peak below which a level is none: what it does to the ends is inaudible."""


def rests_at(
    blocks: Iterator[NDArray[np.float32]], sample_rate: int
) -> tuple[NDArray[np.float64], Iterator[NDArray[np.float32]]]:
    """The constant part of each channel [C] of blocks [n] or [n, C], and all the blocks."""
    heard: list[NDArray[np.float32]] = []
    count = 0
    for block in blocks:
        heard.append(block)
        count += len(block)
        if count >= LISTEN_SAMPLES:
            break
    if not heard:
        return np.zeros(1), blocks
    waveform = np.ascontiguousarray(np.atleast_2d(np.concatenate(heard).T))
    parts = [constant_part(channel, sample_rate) for channel in waveform]
    return np.array(parts), chain(heard, blocks)


def constant_part(waveform: NDArray[np.float32], sample_rate: int) -> float:
    """The mean of a waveform [N] that rests at it; 0 for one that rests at zero.

    A kick has a mean, too, but most of its moments lie about zero and its ends do.
    """
    hop = max(1, round(_HOP_SECONDS * sample_rate))
    if not len(waveform):
        return 0.0
    mean = float(waveform.mean(dtype=np.float64))
    if abs(mean) < _LEAST * float(np.abs(waveform).max()):
        return 0.0
    whole = waveform[: max(1, len(waveform) // hop) * hop]
    levels = [hops.mean(dtype=np.float64) for hops in np.array_split(whole, -(-len(whole) // hop))]
    ends = [float(levels[0]), float(levels[-1])]
    usual = float(np.median(levels))
    nearer = abs(usual - mean) < abs(usual) and any(abs(end - mean) < abs(end) for end in ends)
    starts_at_zero = abs(float(waveform[0])) < abs(mean) / 4
    return mean if nearer and not starts_at_zero else 0.0
