"""How far a set of generated sounds is from a set of real ones, as one number."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import torch
from torch import Tensor

from soundgan.evaluation.pairs import checked, distance_blocks
from soundgan.runtime.seeding import torch_stream

_MEDIAN_ROWS = 2000
"""The bandwidth is measured on at most so many rows, evenly spaced: two million distances."""

_FEWEST_TO_RESAMPLE = 10
"""Of fewer rows, a resample may hold one row alone, which makes no pair."""


@dataclass(frozen=True)
class Interval:
    """A number and where it may lie, given how few clips it was measured on.

    Attributes:
        value: The measured number.
        low: Lower end.
        high: Upper end.
    """

    value: float
    low: float
    high: float


def kernel_distance(real: Tensor, fake: Tensor) -> float:
    """Unbiased squared maximum mean discrepancy; 0 in the mean for sets of one distribution.

    With ``k(x, y) = exp(-|x - y|^2 / (2 s^2))`` and ``s`` the median distance between rows of
    ``real``, it is the mean of k over pairs of different reals, plus that over pairs of different
    fakes, minus twice the mean of k over pairs of one real and one fake. It does not grow for
    small sets, as the Fréchet distance does, and may be slightly below 0.

    Args:
        real: Features [N, D], N >= 2.
        fake: Features [M, D], M >= 2.

    Raises:
        UsageError: Too few rows, not finite, or of different D.

    References:
        Gretton et al., "A Kernel Two-Sample Test", JMLR 13, 2012, eq. 3.
    """
    real, fake = checked(2, real=real, fake=fake)
    once = [torch.ones(1, len(table), dtype=torch.float64) for table in (real, fake)]
    return float(_discrepancy(real, fake, *once))


def kernel_distance_interval(
    real: Tensor,
    fake: Tensor,
    *,
    seed: int,
    confidence: float = 0.95,
    n_resamples: int = 400,
) -> Interval:
    """The kernel distance with a bootstrap interval.

    Both sets are drawn again with replacement, ``n_resamples`` times, at a fixed bandwidth. A clip
    drawn twice is never paired with itself, or every resample would be biased upwards by its
    duplicates. The interval is the value ± the resamples' standard deviation times the normal
    quantile. For sets of one distribution, where the statistic is degenerate, it is too wide
    rather than too narrow: an interval around 0 means "cannot tell with so few clips".

    Args:
        real: Features [N, D], N >= 10.
        fake: Features [M, D], M >= 10.
        seed: Of the resampling.
        confidence: In (0, 1).
        n_resamples: Resampled pairs of sets.

    Raises:
        UsageError: Too few rows, not finite, or of different D.

    References:
        Arcones and Giné, "On the Bootstrap of U and V Statistics", Annals of Statistics 20, 1992.
    """
    real, fake = checked(_FEWEST_TO_RESAMPLE, real=real, fake=fake)
    stream = torch_stream(seed, "kernel distance")
    counts = [_resample_counts(len(table), n_resamples, stream) for table in (real, fake)]
    values = _discrepancy(real, fake, *counts)
    reach = NormalDist().inv_cdf(0.5 + confidence / 2) * float(values[1:].std())
    return Interval(float(values[0]), float(values[0]) - reach, float(values[0]) + reach)


def frechet_distance(real: Tensor, fake: Tensor) -> float:
    """Squared Fréchet distance between normal distributions fitted to both sets.

    ``|m - n|^2 + tr(S) + tr(T) - 2 tr((S T)^(1/2))`` with unbiased covariances S and T. It grows
    by about D^2 / N for sets of N rows: compare only numbers of equal N.

    With S = A'A and T = B'B the last trace is the sum of the singular values of A B'. No matrix
    root is taken, so fewer rows than features do no harm.

    Args:
        real: Features [N, D], N >= 2.
        fake: Features [M, D], M >= 2.

    Raises:
        UsageError: Too few rows, not finite, or of different D.

    References:
        Dowson and Landau, "The Fréchet Distance between Multivariate Normal Distributions",
        Journal of Multivariate Analysis 12, 1982.
    """
    real, fake = checked(2, real=real, fake=fake)
    means = real.mean(dim=0), fake.mean(dim=0)
    factors = _covariance_factor(real - means[0]), _covariance_factor(fake - means[1])
    shift = (means[0] - means[1]).square().sum()
    spread = factors[0].square().sum() + factors[1].square().sum()
    shared = torch.linalg.svdvals(factors[0] @ factors[1].T).sum()
    return max(0.0, float(shift + spread - 2.0 * shared))


def median_distance(real: Tensor) -> float:
    """Median distance between rows [N, D]; of 2,000 evenly spaced ones where there are more.

    1 where more than half of all pairs are equal, so that a kernel can still be formed.
    """
    if len(real) > _MEDIAN_ROWS:
        real = real[torch.linspace(0, len(real) - 1, _MEDIAN_ROWS).round().long()]
    return float(torch.pdist(real).median()) or 1.0


def _covariance_factor(centred: Tensor) -> Tensor:
    """A with A'A the covariance of centred rows; at most D rows."""
    factor: Tensor = torch.linalg.qr(centred * (len(centred) - 1) ** -0.5, mode="r").R
    return factor


def _resample_counts(n_rows: int, n_resamples: int, stream: torch.Generator) -> Tensor:
    """How often each row was drawn, [1 + n_resamples, n_rows]; the first row is the set itself."""
    counts = torch.ones(1 + n_resamples, n_rows, dtype=torch.float64)
    drawn = torch.randint(n_rows, (n_resamples, n_rows), generator=stream)
    counts[1:] = 0.0
    counts[1:].scatter_add_(1, drawn, torch.ones_like(drawn, dtype=torch.float64))
    return counts


def _discrepancy(real: Tensor, fake: Tensor, real_counts: Tensor, fake_counts: Tensor) -> Tensor:
    """Squared discrepancies [R] for R ways of counting the rows, [R, N] and [R, M]."""
    # MMD^2 = E k(x, x') + E k(y, y') - 2 E k(x, y) with all of them drawn independently. Rows i and
    # j of one set are, unless i = j: there k is 1, and the mean over all N^2 pairs would be
    #     (N + N (N - 1) E k(x, x')) / N^2 = E k(x, x') + (1 - E k(x, x')) / N,
    # too large by more the smaller the set is. Over the N (N - 1) other pairs it is unbiased
    # (Gretton et al., eq. 3). A resample holds row i c_i times; its pairs of draws of different
    # rows are sum c_i c_j over i != j, of which there are (sum c_i)^2 - sum c_i^2.
    scale = -0.5 / median_distance(real) ** 2

    def mean_kernel(a: Tensor, b: Tensor, counts_a: Tensor, counts_b: Tensor) -> Tensor:
        total = torch.zeros(len(counts_a), dtype=torch.float64)
        pairs = counts_a.sum(dim=1) * counts_b.sum(dim=1)
        for start, block in distance_blocks(a, b):
            kernel = block.square_().mul_(scale).exp_()
            if a is b:
                kernel.diagonal(start).zero_()
            rows = counts_a[:, start : start + len(block)]
            total += ((rows @ kernel) * counts_b).sum(dim=1)
        if a is b:
            pairs -= (counts_a * counts_b).sum(dim=1)
        mean: Tensor = total / pairs
        return mean

    discrepancy: Tensor = (
        mean_kernel(real, real, real_counts, real_counts)
        + mean_kernel(fake, fake, fake_counts, fake_counts)
        - 2.0 * mean_kernel(real, fake, real_counts, fake_counts)
    )
    return discrepancy
