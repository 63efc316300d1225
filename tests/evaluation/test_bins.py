from __future__ import annotations

import pytest
import torch
from scipy.stats import chi2_contingency
from sklearn.cluster import KMeans
from torch import Tensor

from soundgan.errors import UsageError
from soundgan.evaluation import bins
from soundgan.evaluation.bins import differ, different_bins, k_means
from soundgan.evaluation.neighbours import nearest


def blobs(per_blob: int, *, seed: int, n_blobs: int = 8) -> Tensor:
    """Small clouds around the corners of a cube."""
    stream = torch.Generator().manual_seed(seed)
    corners = torch.tensor([[i & 1, i >> 1 & 1, i >> 2 & 1] for i in range(n_blobs)]) * 10.0
    offsets = torch.randn(n_blobs * per_blob, 3, generator=stream)
    return (corners.repeat_interleave(per_blob, dim=0) + offsets).double()


def spread(centres: Tensor, points: Tensor) -> float:
    return float(nearest(centres, points)[1].square().sum())


def test_means_of_separate_blobs_are_those_of_scikit_learn() -> None:
    points = blobs(30, seed=0)
    expected = KMeans(8, n_init=10, random_state=0).fit(points)
    ours = min(
        (k_means(points, 8, seed=seed) for seed in range(5)), key=lambda c: spread(c, points)
    )
    assert spread(ours, points) == pytest.approx(expected.inertia_)


def test_means_of_one_cloud_are_about_as_good_as_those_of_scikit_learn() -> None:
    points = torch.randn(300, 5, generator=torch.Generator().manual_seed(0)).double()
    expected = KMeans(20, n_init=1, random_state=0).fit(points)
    assert spread(k_means(points, 20, seed=0), points) == pytest.approx(expected.inertia_, rel=0.05)


def test_every_mean_is_the_middle_of_its_points() -> None:
    points = blobs(20, seed=1)
    centres = k_means(points, 11, seed=0)
    owners = nearest(centres, points)[0]
    for number, centre in enumerate(centres):
        torch.testing.assert_close(centre, points[owners == number].mean(dim=0))


def test_a_mean_without_points_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    points = torch.tensor([[0.0], [2.0]]).double()
    monkeypatch.setattr(bins, "_spread_out", lambda *_: torch.zeros(2, 1).double())
    assert k_means(points, 2, seed=0).tolist() == [[1.0]]


def test_repeated_points_give_as_many_means_as_there_are_points() -> None:
    points = torch.tensor([[0.0], [1.0], [5.0]]).double().repeat(10, 1)
    assert sorted(k_means(points, 7, seed=0).flatten().tolist()) == [0.0, 1.0, 5.0]


@pytest.mark.parametrize("counts", [(30, 10), (25, 12), (0, 3), (40, 18)])
def test_bins_differ_where_the_chi_squared_test_of_scipy_says_so(counts: tuple[int, int]) -> None:
    first, second = torch.tensor([counts[0], 80]), torch.tensor([counts[1], 40])
    table = torch.stack([first, second])
    p = chi2_contingency(table, correction=False).pvalue
    for alpha in (p * 0.99, p * 1.01):
        # In two bins, one is all that the other is not: both differ or neither.
        assert differ(first, second, alpha=alpha).tolist() == [p < alpha] * 2


def test_a_bin_that_nobody_fills_does_not_differ() -> None:
    assert differ(torch.tensor([0, 5]), torch.tensor([0, 5]), alpha=0.05).tolist() == [False, False]


def test_real_sounds_differ_in_about_as_many_bins_as_chance_lets() -> None:
    shares = [
        different_bins(blobs(60, seed=2 * n), blobs(40, seed=2 * n + 1), n_bins=20, seed=n)
        for n in range(20)
    ]
    assert 0.0 < sum(shares) / len(shares) < 0.12


def test_left_out_blobs_make_all_bins_differ() -> None:
    train = blobs(60, seed=0)
    # From this seed every blob gets a bin. Half of the bins are empty, and the others hold twice
    # the share: 60 of 240 instead of 60 of 480.
    assert different_bins(train, blobs(60, seed=1), n_bins=8, seed=2) == 0.0
    assert different_bins(train, blobs(60, seed=1, n_blobs=4), n_bins=8, seed=2) == 1.0


def test_small_sets_get_fewer_bins() -> None:
    train, fake = blobs(20, seed=0), blobs(2, seed=1)
    # 16 fakes make 3 bins.
    assert different_bins(train, fake, seed=0) in {0.0, 1 / 3, 2 / 3, 1.0}


def test_refusals() -> None:
    with pytest.raises(UsageError, match="fake: needs at least 10 clips, got 8"):
        different_bins(blobs(9, seed=0), blobs(1, seed=1), seed=0)
    with pytest.raises(UsageError, match="n_bins: must be at least 2, got 1"):
        different_bins(blobs(9, seed=0), blobs(9, seed=1), n_bins=1, seed=0)
