from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.spatial.distance import pdist
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

from soundgan.errors import UsageError
from soundgan.evaluation.neighbours import diversity_ratio, nearest, nearest_neighbour_ratio


def cloud(n: int, *, seed: int, scale: float = 1.0) -> Tensor:
    stream = torch.Generator().manual_seed(seed)
    return scale * torch.randn(n, 6, generator=stream, dtype=torch.float64)


def test_nearest_agrees_with_scikit_learn() -> None:
    reference, queries = cloud(80, seed=0), cloud(30, seed=1)
    index, distance = nearest(reference, queries)
    gaps, found = NearestNeighbors(n_neighbors=1).fit(reference).kneighbors(queries)
    assert index.tolist() == found[:, 0].tolist()
    np.testing.assert_allclose(distance, gaps[:, 0])


def test_an_equal_row_is_exactly_zero_away_even_far_from_the_origin() -> None:
    reference = 1e6 + cloud(50, seed=0)
    index, distance = nearest(reference, reference[[7, 7, 41]])
    assert index.tolist() == [7, 7, 41]
    assert distance.tolist() == [0.0, 0.0, 0.0]


def test_nearest_neighbour_ratio_by_hand() -> None:
    train = torch.tensor([[0.0], [10.0]])
    reference = torch.tensor([[2.0], [14.0]])  # 2 and 4 away: 3 in the mean
    fake = torch.tensor([[1.0], [10.0], [5.0]])  # 1, 0 and 5 away: 2 in the mean
    assert nearest_neighbour_ratio(train, reference, fake) == pytest.approx(2 / 3)


def test_reference_clips_that_are_all_training_clips_are_refused() -> None:
    train = cloud(9, seed=0)
    with pytest.raises(UsageError, match="reference: every clip is also in train"):
        nearest_neighbour_ratio(train, train[:3], train)


def test_diversity_ratio_is_that_of_mean_distances() -> None:
    real, fake = cloud(40, seed=0), cloud(25, seed=1, scale=0.3)
    expected = pdist(fake.numpy()).mean() / pdist(real.numpy()).mean()
    assert diversity_ratio(real, fake) == pytest.approx(expected)


def test_one_sound_over_and_over_has_no_diversity() -> None:
    real = cloud(40, seed=0)
    assert diversity_ratio(real, real[:1].repeat(20, 1)) == 0.0
    with pytest.raises(UsageError, match="real: all clips are alike"):
        diversity_ratio(real[:1].repeat(20, 1), real)
