from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
import scipy.linalg
import torch
from sklearn.metrics.pairwise import rbf_kernel
from torch import Tensor, nn

from soundgan.evaluation import distances, pairs
from soundgan.evaluation.distances import (
    frechet_distance,
    kernel_distance,
    kernel_distance_interval,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torchmetrics.image.fid import FrechetInceptionDistance
    from torchmetrics.image.kid import maximum_mean_discrepancy


def normal(n: int, d: int, *, seed: int, shift: float = 0.0, scale: float = 1.0) -> Tensor:
    stream = torch.Generator().manual_seed(seed)
    return shift + scale * torch.randn(n, d, generator=stream, dtype=torch.float64)


def test_kernel_distance_of_two_pairs_by_hand() -> None:
    # Bandwidth 2. Both sets: k = exp(-4 / 8). Across: twice 1, twice the same k.
    k = math.exp(-0.5)
    real = torch.tensor([[0.0], [2.0]])
    assert kernel_distance(real, real.clone()) == pytest.approx(k + k - 2 * (1 + k) / 2)


def test_kernel_distance_agrees_with_torchmetrics_on_kernels_of_scikit_learn() -> None:
    # torchmetrics wants sets of equal size.
    real, fake = normal(50, 6, seed=0), normal(50, 6, seed=1, shift=0.3)
    gamma = 0.5 / float(np.median(scipy.spatial.distance.pdist(real.numpy()))) ** 2
    kernels = [
        torch.from_numpy(rbf_kernel(a, b, gamma=gamma))
        for a, b in ((real, real), (real, fake), (fake, fake))
    ]
    expected = float(maximum_mean_discrepancy(*kernels))
    # 1,225 distances have one in the middle, so both medians are the same.
    assert kernel_distance(real, fake) == pytest.approx(expected, rel=1e-9)


def test_kernel_distance_is_unbiased() -> None:
    values = [
        kernel_distance(normal(12, 3, seed=2 * n), normal(9, 3, seed=2 * n + 1)) for n in range(400)
    ]
    error = np.std(values) / len(values) ** 0.5
    assert abs(np.mean(values)) < 3 * error
    assert error < 0.005


def test_kernel_distance_does_not_depend_on_the_size_of_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, fake = normal(40, 3, seed=0), normal(31, 3, seed=1)
    whole = kernel_distance(real, fake)
    monkeypatch.setattr(pairs, "_BLOCK_DISTANCES", 200)
    assert kernel_distance(real, fake) == pytest.approx(whole, rel=1e-12)


def test_kernel_distance_takes_the_bandwidth_of_large_sets_from_some_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = normal(900, 4, seed=0)
    exact = distances.median_distance(real)
    monkeypatch.setattr(distances, "_MEDIAN_ROWS", 300)
    assert distances.median_distance(real) == pytest.approx(exact, rel=0.03)


def test_alike_reals_still_have_a_kernel_distance() -> None:
    real = torch.zeros(5, 2)
    assert kernel_distance(real, real) == 0.0
    assert kernel_distance(real, real + 100.0) == pytest.approx(2.0)


def test_the_interval_surrounds_the_value_and_repeats_with_its_seed() -> None:
    real, fake = normal(60, 4, seed=0), normal(50, 4, seed=1, shift=0.5)
    interval = kernel_distance_interval(real, fake, seed=3)
    assert interval.value == pytest.approx(kernel_distance(real, fake), rel=1e-12)
    assert interval.low < interval.value < interval.high
    assert interval == kernel_distance_interval(real, fake, seed=3)
    assert interval != kernel_distance_interval(real, fake, seed=4)


def test_more_confidence_and_fewer_clips_widen_the_interval() -> None:
    real, fake = normal(80, 4, seed=0), normal(80, 4, seed=1, shift=0.5)

    def width(n: int, confidence: float) -> float:
        found = kernel_distance_interval(real[:n], fake[:n], seed=0, confidence=confidence)
        return found.high - found.low

    assert width(80, 0.95) < width(20, 0.95)
    # 68.27 % is one standard deviation to either side, 95.45 % are two.
    assert width(80, 0.9545) == pytest.approx(2 * width(80, 0.6827), rel=1e-3)


@pytest.mark.parametrize("shift", [0.0, 0.6])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(shift: float) -> None:
    found = [
        kernel_distance_interval(
            normal(40, 4, seed=2 * n),
            normal(40, 4, seed=2 * n + 1, shift=shift),
            seed=n,
            n_resamples=100,
        )
        for n in range(60)
    ]
    truth = float(np.mean([one.value for one in found])) if shift else 0.0
    # 95 % of 60 is 57; fewer than 52 has a chance of 1 %. Without a shift it is too wide.
    assert sum(one.low <= truth <= one.high for one in found) >= 52


def test_frechet_distance_of_numbers_by_hand() -> None:
    # Means 1 and 5, variances 2 and 8: 4^2 + (sqrt 2 - sqrt 8)^2 = 18.
    real, fake = torch.tensor([[0.0], [2.0]]), torch.tensor([[3.0], [7.0]])
    assert frechet_distance(real, fake) == pytest.approx(18.0)


def test_frechet_distance_agrees_with_the_matrix_root_of_scipy() -> None:
    real, fake = normal(90, 5, seed=0), normal(70, 5, seed=1, shift=0.2, scale=1.4)
    fake = fake @ normal(5, 5, seed=2)
    s, t = np.cov(real.T), np.cov(fake.T)
    root = scipy.linalg.sqrtm(s @ t).real
    shift = ((real.mean(dim=0) - fake.mean(dim=0)) ** 2).sum()
    expected = float(shift) + np.trace(s + t - 2 * root)
    assert frechet_distance(real, fake) == pytest.approx(expected, rel=1e-9)


class Pixels(nn.Module):
    """A feature module for torchmetrics: the pixels themselves."""

    num_features = 12

    def forward(self, images: Tensor) -> Tensor:
        return images.flatten(1).double() / 255.0


def test_frechet_distance_agrees_with_torchmetrics() -> None:
    stream = torch.Generator().manual_seed(0)
    real, fake = (
        torch.randint(low, 256, (60, 3, 2, 2), generator=stream, dtype=torch.uint8)
        for low in (0, 90)
    )
    metric = FrechetInceptionDistance(feature=Pixels())
    metric.set_dtype(torch.float64)
    metric.update(real, real=True)
    metric.update(fake, real=False)
    ours = frechet_distance(Pixels()(real), Pixels()(fake))
    assert ours == pytest.approx(float(metric.compute()), rel=1e-6)


def test_frechet_distance_of_shifted_copies_is_the_squared_shift_with_any_number_of_rows() -> None:
    for n in (3, 200):
        real = normal(n, 16, seed=0)
        assert frechet_distance(real, real) == pytest.approx(0.0, abs=1e-9)
        assert frechet_distance(real, real + 2.0) == pytest.approx(16 * 4.0)


def test_frechet_distance_is_symmetric_and_blind_to_rotation() -> None:
    real, fake = normal(8, 20, seed=0), normal(50, 20, seed=1, scale=3.0)
    turn = torch.linalg.qr(normal(20, 20, seed=2)).Q
    expected = frechet_distance(real, fake)
    assert frechet_distance(fake, real) == pytest.approx(expected)
    assert frechet_distance(real @ turn, fake @ turn) == pytest.approx(expected)
