from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from soundgan.errors import UsageError
from soundgan.evaluation.bins import different_bins
from soundgan.evaluation.distances import (
    frechet_distance,
    kernel_distance,
    kernel_distance_interval,
)
from soundgan.evaluation.manifold import manifold_scores
from soundgan.evaluation.neighbours import diversity_ratio, nearest
from soundgan.evaluation.pairs import blocks, distance_blocks

MEASURES: list[tuple[Callable[..., Any], int]] = [
    # and the fewest rows that each takes
    (kernel_distance, 2),
    (lambda real, fake: kernel_distance_interval(real, fake, seed=0), 10),
    (frechet_distance, 2),
    (manifold_scores, 6),
    (nearest, 1),
    (diversity_ratio, 2),
    (lambda real, fake: different_bins(real, fake, seed=0), 10),
]
NAMES = ("kernel", "interval", "frechet", "manifold", "nearest", "diversity", "bins")


def rows(n: int, d: int = 3) -> Tensor:
    return torch.randn(n, d, generator=torch.Generator().manual_seed(n))


@pytest.mark.parametrize(("measure", "fewest"), MEASURES, ids=NAMES)
def test_every_measure_names_what_it_cannot_compare(
    measure: Callable[..., Any], fewest: int
) -> None:
    enough = rows(fewest)
    measure(enough, rows(fewest + 1))
    with pytest.raises(UsageError, match=f"needs at least {fewest} clips, got {fewest - 1}"):
        measure(enough, enough[1:])
    with pytest.raises(UsageError, match=r"4 features a clip, \w+ has 3; use one extractor"):
        measure(enough, rows(fewest, 4))
    with pytest.raises(UsageError, match="features are not finite"):
        measure(enough, enough / 0.0)
    with pytest.raises(UsageError, match=r"expected features \[N, D\], got \[3\]"):
        measure(enough, enough[0])


@pytest.mark.parametrize(("measure", "fewest"), MEASURES[:-1], ids=NAMES[:-1])
def test_half_precision_features_are_measured_in_double(
    measure: Callable[..., Any], fewest: int
) -> None:
    real, fake = rows(fewest + 9).half(), rows(fewest + 8).half()
    expected = measure(real.double(), fake.double())
    found = measure(real, fake)
    if isinstance(found, tuple):
        assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))
    else:
        assert found == expected


def test_blocks_together_are_the_whole_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("soundgan.evaluation.pairs._BLOCK_DISTANCES", 8)
    a, b = rows(7), rows(4)
    found = list(distance_blocks(a, b))
    assert [start for start, _ in found] == [0, 2, 4, 6]
    torch.testing.assert_close(torch.cat([block for _, block in found]), torch.cdist(a, b))


def test_the_last_piece_may_be_smaller() -> None:
    assert [len(block) for block in blocks(rows(5), 2)] == [2, 2, 1]
