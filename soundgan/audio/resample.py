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
    blocks: Iterable[NDArray[np.float32]], rate: int, target: int
) -> Iterator[NDArray[np.float32]]:
    """Blocks [n] at ``rate`` Hz as blocks at ``target`` Hz.

    How the input is cut into blocks does not change the samples; together they last as long as
    the input, to within one sample, and start with it.
    """
    if rate == target:
        yield from blocks
        return
    stream = soxr.ResampleStream(rate, target, 1, dtype="float32", quality=QUALITY)
    step = max(1, PIECE_SAMPLES * rate // target)
    for block in blocks:
        for start in range(0, len(block), step):
            yield stream.resample_chunk(block[start : start + step])
    yield stream.resample_chunk(np.zeros(0, np.float32), last=True)
