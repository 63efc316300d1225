"""Whether fakes look real, and whether they show everything that reals show."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from soundgan.evaluation.pairs import checked, distance_blocks


@dataclass(frozen=True)
class ManifoldScores:
    """Agreement of two sets, seen through the balls around their points.

    The ball around a point reaches to its k-th nearest neighbour in its own set.

    Attributes:
        precision: Share of fakes inside at least one real ball: do they look real?
        recall: Share of reals inside at least one fake ball: is everything there? It depends on
            the number of fakes, whose balls grow where they are fewer.
        density: Real balls that a fake lies in, over k; about 1 for real sounds, above 1 for
            fakes that keep to the crowded middle.
        coverage: Share of real balls with at least one fake inside: recall that one stray fake
            cannot raise. About ``1 - 2^-k`` for real sounds of equal number.
    """

    precision: float
    recall: float
    density: float
    coverage: float


def manifold_scores(real: Tensor, fake: Tensor, k: int = 5) -> ManifoldScores:
    """Precision, recall, density and coverage.

    Points on a ball's surface count as inside, so that an exact copy always does.

    Args:
        real: Features [N, D], N > k.
        fake: Features [M, D], M > k.
        k: The neighbour that a ball reaches to.

    Raises:
        UsageError: Too few rows, not finite, or of different D.

    References:
        Kynkäänniemi et al., "Improved Precision and Recall Metric for Assessing Generative
        Models", NeurIPS 2019; Naeem et al., "Reliable Fidelity and Diversity Metrics for
        Generative Models", ICML 2020.
    """
    real, fake = checked(k + 1, real=real, fake=fake)
    real_radii, fake_radii = ball_radii(real, k), ball_radii(fake, k)
    balls_around = torch.zeros(len(fake), dtype=torch.int64)
    recalled, covered = 0, 0
    for start, block in distance_blocks(real, fake):
        inside = block <= real_radii[start : start + len(block), None]
        balls_around += inside.sum(dim=0)
        covered += int(inside.any(dim=1).sum())
        recalled += int((block <= fake_radii).any(dim=1).sum())
    return ManifoldScores(
        precision=float((balls_around > 0).double().mean()),
        recall=recalled / len(real),
        density=float(balls_around.double().mean()) / k,
        coverage=covered / len(real),
    )


def ball_radii(points: Tensor, k: int) -> Tensor:
    """Distance [N] of each row [N, D] to its k-th nearest other row; N must be above k."""
    # A point's nearest is itself, or an equal one at the same distance 0.
    return torch.cat(
        [block.kthvalue(k + 1, dim=1).values for _, block in distance_blocks(points, points)]
    )
