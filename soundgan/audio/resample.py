"""Changing the sample rate of a stream of any length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import soxr
from numpy.typing import NDArray

QUALITY = "HQ"
PIECE_SAMPLES = 1 << 20
"""Most samples that one block of the result holds, however far up the rate goes."""


def resample(
    blocks: Iterable[NDArray[np.float32]],
    rate: int,
    target: int,
    *,
    channels: int = 1,
    rest: float | NDArray[np.float64] = 0.0,
) -> Iterator[NDArray[np.float32]]:
    """Blocks [n], or [n, channels] of several channels, at ``rate`` Hz as blocks at ``target`` Hz.

    How the input is cut into blocks does not change the samples; together they last as long as
    the input, to within one sample, and start with it.

    Args:
        blocks: The input.
        rate: Of the input, Hz.
        target: Of the result, Hz.
        channels: See above.
        rest: What lies before and behind the input, of each channel, if they differ. Where it
            jumps, the result rings.
    """
    if rate == target:
        yield from blocks
        return
    stream = soxr.ResampleStream(rate, target, channels, dtype="float32", quality=QUALITY)
    level = np.asarray(rest, np.float32)
    step = max(1, PIECE_SAMPLES * rate // target)
    for block in blocks:
        for start in range(0, len(block), step):
            yield stream.resample_chunk(block[start : start + step] - level) + level
    nothing = np.zeros(0 if channels == 1 else (0, channels), np.float32)
    yield stream.resample_chunk(nothing, last=True) + level
