"""Taking windows out of a stream without holding the stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Window:
    """Samples ``begin`` to ``end`` (exclusive) of a waveform."""

    begin: int
    end: int


def cut_windows(
    blocks: Iterable[NDArray[np.float32]], windows: Sequence[Window]
) -> Iterator[NDArray[np.float32]]:
    """The samples [n], or [n, C], of each window; ``windows`` ascend and do not overlap.

    Holds one block and one window. A window beyond the end of the stream comes out shorter.
    """
    source = iter(blocks)
    held, position = np.zeros(0, np.float32), 0
    for window in windows:
        pieces: list[NDArray[np.float32]] = []
        at = window.begin
        while at < window.end:
            if position + len(held) <= at:
                position += len(held)
                block = next(source, None)
                if block is None:
                    held = held[:0]
                    break
                held = block
                continue
            piece = held[at - position : window.end - position]
            pieces.append(piece)
            at += len(piece)
        yield pieces[0] if len(pieces) == 1 else np.concatenate([*pieces, held[:0]])
