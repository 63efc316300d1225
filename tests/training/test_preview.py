from __future__ import annotations

import pytest

from soundgan.training.preview import first_preview


@pytest.mark.parametrize(
    ("flops", "step"),
    [(0, 64), (5_700_000_000, 64), (55_600_000_000, 64), (70_000_000_000, 32),
     (700_000_000_000, 4), (12_000_000_000_000, 1)],
)  # fmt: skip
def test_the_first_preview_comes_after_half_a_minute_of_work(flops: int, step: int) -> None:
    assert first_preview(flops) == step
