from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

from soundgan.evaluation import pairs
from soundgan.evaluation.manifold import ManifoldScores, ball_radii, manifold_scores


def cloud(n: int, *, seed: int, shift: float = 0.0) -> Tensor:
    stream = torch.Generator().manual_seed(seed)
    return shift + torch.randn(n, 4, generator=stream, dtype=torch.float64)


def scores_by_scikit_learn(real: Tensor, fake: Tensor, k: int) -> ManifoldScores:
    def radii(points: Tensor) -> NDArray[np.float64]:
        found, _ = NearestNeighbors(n_neighbors=k).fit(points).kneighbors()
        return found[:, -1]

    gaps = np.linalg.norm(real.numpy()[:, None] - fake.numpy()[None], axis=2)
    in_real_ball = gaps <= radii(real)[:, None]
    in_fake_ball = gaps <= radii(fake)[None]
    return ManifoldScores(
        precision=in_real_ball.any(axis=0).mean(),
        recall=in_fake_ball.any(axis=1).mean(),
        density=in_real_ball.sum() / (k * len(fake)),
        coverage=in_real_ball.any(axis=1).mean(),
    )


@pytest.mark.parametrize("k", [1, 3, 5])
def test_scores_agree_with_neighbours_of_scikit_learn(k: int) -> None:
    real, fake = cloud(70, seed=0), cloud(41, seed=1, shift=0.7)
    expected = scores_by_scikit_learn(real, fake, k)
    assert astuple(manifold_scores(real, fake, k)) == pytest.approx(astuple(expected))


def test_scores_by_hand() -> None:
    # Real balls with k = 1: 0 +- 1, 1 +- 1, 4 +- 3. Fake balls: 2 +- 18 and 20 +- 18.
    real, fake = torch.tensor([[0.0], [1.0], [4.0]]), torch.tensor([[2.0], [20.0]])
    assert manifold_scores(real, fake, k=1) == ManifoldScores(
        precision=1 / 2,  # only 2 is inside a real ball
        recall=3 / 3,  # 0, 1 and 4 are within 18 of 2
        density=2 / 2,  # 2 is on the edge of the ball around 1, and inside that around 4
        coverage=2 / 3,
    )


def test_copies_are_perfect() -> None:
    real = cloud(30, seed=0)
    scores = manifold_scores(real, real.clone())
    assert (scores.precision, scores.recall, scores.coverage) == (1.0, 1.0, 1.0)


def test_sets_far_apart_share_nothing() -> None:
    scores = manifold_scores(cloud(30, seed=0), cloud(30, seed=1, shift=100.0))
    assert scores == ManifoldScores(precision=0.0, recall=0.0, density=0.0, coverage=0.0)


def test_blocks_do_not_change_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    real, fake = cloud(50, seed=0), cloud(40, seed=1)
    whole = manifold_scores(real, fake)
    monkeypatch.setattr(pairs, "_BLOCK_DISTANCES", 90)
    assert manifold_scores(real, fake) == whole


def test_a_repeated_point_has_a_ball_of_no_size() -> None:
    points = torch.tensor([[0.0], [0.0], [0.0], [9.0]])
    assert ball_radii(points, 2).tolist() == [0.0, 0.0, 0.0, 9.0]
