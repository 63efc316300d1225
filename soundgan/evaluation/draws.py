"""What chance does: real sounds against other real sounds, drawn again and again."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from soundgan.evaluation.distances import median_distance
from soundgan.evaluation.manifold import ManifoldScores
from soundgan.evaluation.pairs import checked, distance_blocks

N_DRAWS = 40
MOST_ROWS = 3000
"""Real clips that are drawn from: their distances to each other are in memory, 72 MB."""

_K = 5


@dataclass(frozen=True, eq=False)
class Draws:
    """Pairs of disjoint sets of real clips, of the sizes that are compared.

    Attributes:
        reference: Positions of the clips in the place of the reference, int64 [R, N].
        sounds: Positions of those in the place of the generated ones, int64 [R, M].
    """

    reference: Tensor
    sounds: Tensor


def make_draws(
    n_clips: int, n_reference: int, n_sounds: int, stream: torch.Generator, n_draws: int = N_DRAWS
) -> Draws:
    """Both sets are smaller, by one factor, where there are fewer clips or :data:`MOST_ROWS`.

    Args:
        n_clips: Real clips there are.
        n_reference: Wanted of the first.
        n_sounds: Wanted of the second.
        stream: Draws them.
        n_draws: How often.
    """
    share = min(1.0, min(n_clips, MOST_ROWS) / (n_reference + n_sounds))
    first, second = (max(1, int(share * n)) for n in (n_reference, n_sounds))
    pool = torch.randperm(n_clips, generator=stream)[:MOST_ROWS].sort().values
    orders = torch.stack([torch.randperm(len(pool), generator=stream) for _ in range(n_draws)])
    drawn = pool[orders]
    return Draws(drawn[:, :first], drawn[:, first : first + second])


@dataclass(frozen=True)
class DrawnSpace:
    """Numbers of every draw in one feature space."""

    kernel_distance: Tensor
    manifold: tuple[ManifoldScores, ...]


def draw_space(features: Tensor, reference: Tensor, draws: Draws) -> DrawnSpace:
    """Kernel distance and neighbourhoods of each draw, from one table of distances.

    Args:
        features: Of all real clips [P, D].
        reference: Of the reference clips, whose median distance is the kernel's width [N, D].
        draws: Positions in ``features``.
    """
    features, reference = checked(2, features=features, reference=reference)
    used, places = torch.unique(
        torch.cat([draws.reference, draws.sounds], dim=1), return_inverse=True
    )
    rows = features[used]
    table = torch.cat([block for _, block in distance_blocks(rows, rows)])
    kernel = torch.exp(table.square() * (-0.5 / median_distance(reference) ** 2))
    n = draws.reference.shape[1]
    pairs = [(place[:n], place[n:]) for place in places]
    return DrawnSpace(
        torch.tensor([_discrepancy(kernel, *pair) for pair in pairs], dtype=torch.float64),
        tuple(_manifold(table, *pair) for pair in pairs),
    )


def _discrepancy(kernel: Tensor, first: Tensor, second: Tensor) -> float:
    """The unbiased squared discrepancy; 1 on the diagonal belongs to no pair."""
    own = [
        (float(kernel[p][:, p].sum()) - len(p)) / max(1, len(p) * (len(p) - 1))
        for p in (first, second)
    ]
    return sum(own) - 2.0 * float(kernel[first][:, second].mean())


def _manifold(table: Tensor, real: Tensor, fake: Tensor) -> ManifoldScores:
    k = min(_K, len(real) - 1, len(fake) - 1)
    across = table[real][:, fake]
    radii = [table[p][:, p].kthvalue(k + 1, dim=1).values for p in (real, fake)]
    inside = across <= radii[0][:, None]
    balls = inside.sum(dim=0)
    return ManifoldScores(
        precision=float((balls > 0).double().mean()),
        recall=float((across <= radii[1]).any(dim=1).double().mean()),
        density=float(balls.double().mean()) / max(1, k),
        coverage=float(inside.any(dim=1).double().mean()),
    )
