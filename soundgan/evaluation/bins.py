"""Whether fakes fall into the regions of the training clips as often as those do."""

from __future__ import annotations

from statistics import NormalDist

import torch
from torch import Tensor

from soundgan.errors import UsageError
from soundgan.evaluation.neighbours import nearest
from soundgan.evaluation.pairs import checked
from soundgan.runtime.seeding import torch_stream

_CLIPS_PER_BIN = 5
"""Expected in a bin; with fewer the normal approximation of the test is poor."""
_MAX_ROUNDS = 100


def different_bins(
    train: Tensor, fake: Tensor, *, n_bins: int = 50, seed: int, alpha: float = 0.05
) -> float:
    """Share of bins that fakes fill more or less often than training clips (NDB / K).

    The bins are the regions nearest to each of K means of ``train``; a bin differs when a
    two-proportion z-test says so. Real sounds differ in about ``alpha`` of the bins; a model that
    leaves modes out, or prefers some, in many. There are fewer bins for small sets, five clips of
    the smaller set to a bin.

    Args:
        train: Features of the training clips [N, D], N >= 10.
        fake: Features of generated clips [M, D], M >= 10.
        n_bins: Most bins.
        seed: Of the bins' first centres.
        alpha: Share of bins that differ by chance, in (0, 1).

    Raises:
        UsageError: Too few rows, not finite, or of different D.

    References:
        Richardson and Weiss, "On GANs and GMMs", NeurIPS 2018, section 3.
    """
    train, fake = checked(2 * _CLIPS_PER_BIN, train=train, fake=fake)
    if n_bins < 2:
        raise UsageError(f"n_bins: must be at least 2, got {n_bins}")
    n_bins = min(n_bins, min(len(train), len(fake)) // _CLIPS_PER_BIN)
    centres = k_means(train, n_bins, seed=seed)
    n_bins = len(centres)
    counts = [nearest(centres, table)[0].bincount(minlength=n_bins) for table in (train, fake)]
    return float(differ(counts[0], counts[1], alpha=alpha).double().mean())


def differ(first: Tensor, second: Tensor, *, alpha: float) -> Tensor:
    """Whether two sets fall into each bin at different rates, by a two-sided z-test.

    Args:
        first: How many of the first set are in each bin, [K].
        second: The same of the second set, [K].
        alpha: Share of equal bins that are called different.

    Returns:
        bool [K].
    """
    n_first, n_second = first.sum().double(), second.sum().double()
    pooled = (first + second) / (n_first + n_second)
    deviation = (pooled * (1.0 - pooled) * (1.0 / n_first + 1.0 / n_second)).sqrt()
    difference = (first / n_first - second / n_second).abs()
    return difference > NormalDist().inv_cdf(1.0 - alpha / 2.0) * deviation


def k_means(points: Tensor, n_means: int, *, seed: int) -> Tensor:
    """Centres [K, D] of which each point [N, D] has one near, none without points.

    Starts with points that are far from each other (k-means++), then moves each centre into the
    middle of its points until nothing changes. K is ``n_means``, or less where there are fewer
    different points.

    References:
        Arthur and Vassilvitskii, "k-means++: the Advantages of Careful Seeding", SODA 2007.
    """
    centres = _spread_out(points, n_means, torch_stream(seed, "k-means"))
    owners = nearest(centres, points)[0]
    for _ in range(_MAX_ROUNDS):
        sizes = owners.bincount(minlength=len(centres))
        sums = torch.zeros_like(centres).index_add_(0, owners, points)
        # A centre that lost its last point is dropped.
        centres = (sums / sizes[:, None])[sizes > 0]
        before, owners = owners, nearest(centres, points)[0]
        if len(sizes) == len(centres) and torch.equal(before, owners):
            break
    return centres


def _spread_out(points: Tensor, n_points: int, stream: torch.Generator) -> Tensor:
    """Different points, each drawn in proportion to its squared distance from those before."""
    first = int(torch.randint(len(points), (1,), generator=stream))
    chosen = points[first : first + 1]
    gap = (points - chosen).square().sum(dim=1)
    while len(chosen) < n_points and float(gap.sum()) > 0.0:
        new = points[torch.multinomial(gap, 1, generator=stream)]
        chosen = torch.cat([chosen, new])
        gap = torch.minimum(gap, (points - new).square().sum(dim=1))
    return chosen
