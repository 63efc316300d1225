from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from soundgan.audio.cut import Window, cut_windows


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(0, 20), max_size=8),
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 30)), max_size=6),
)
def test_windows_are_slices_of_the_whole(lengths: list[int], gaps: list[tuple[int, int]]) -> None:
    whole = np.arange(sum(lengths), dtype=np.float32)
    blocks = np.split(whole, np.cumsum(lengths)[:-1]) if lengths else []
    windows, at = [], 0
    for gap, length in gaps:
        windows.append(Window(at + gap, at + gap + length))
        at = windows[-1].end
    pieces = list(cut_windows(blocks, windows))
    assert len(pieces) == len(windows)
    for piece, window in zip(pieces, windows, strict=True):
        np.testing.assert_array_equal(piece, whole[window.begin : window.end])


def test_a_window_inside_one_block_is_not_copied() -> None:
    block = np.zeros(10, np.float32)
    [piece] = cut_windows([block], [Window(2, 8)])
    assert piece.base is block
