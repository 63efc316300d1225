"""Whether fakes are copies of training clips, and whether they are copies of each other."""

from __future__ import annotations

import torch
from torch import Tensor

from soundgan.errors import UsageError
from soundgan.evaluation.pairs import checked, distance_blocks


def nearest(reference: Tensor, queries: Tensor) -> tuple[Tensor, Tensor]:
    """The nearest reference of every query.

    Args:
        reference: Features [N, D], N >= 1.
        queries: Features [M, D], M >= 1.

    Returns:
        Its index, int64 [M], the lowest among equals, and its Euclidean distance, float64 [M].

    Raises:
        UsageError: Too few rows, not finite, or of different D.
    """
    reference, queries = checked(1, reference=reference, queries=queries)
    found = [block.min(dim=1) for _, block in distance_blocks(queries, reference)]
    return torch.cat([f.indices for f in found]), torch.cat([f.values for f in found])


def nearest_neighbour_ratio(train: Tensor, reference: Tensor, fake: Tensor) -> float:
    """How much nearer fakes are to the training clips than unseen real clips are.

    Mean distance from a fake to its nearest training clip, over the same for reference clips.
    0 for copies, about 1 for new sounds of the same kind, above 1 for sounds of another kind;
    below 0.7 a model repeats what it was trained on.

    Args:
        train: Features of the training clips [N, D].
        reference: Features of real clips that were not trained on [L, D].
        fake: Features of generated clips [M, D].

    Raises:
        UsageError: A set is empty, not finite or of another D, or every reference clip is also
            a training clip.
    """
    usual = float(nearest(train, reference)[1].mean())
    if usual == 0.0:
        raise UsageError("reference: every clip is also in train; take clips that are not")
    return float(nearest(train, fake)[1].mean()) / usual


def diversity_ratio(real: Tensor, fake: Tensor) -> float:
    """Mean distance between two fakes over that between two reals.

    0 when every fake is the same, about 1 for fakes as varied as the reals.

    Args:
        real: Features [N, D], N >= 2.
        fake: Features [M, D], M >= 2.

    Raises:
        UsageError: Too few rows, not finite, of different D, or all reals are alike.
    """
    real, fake = checked(2, real=real, fake=fake)
    usual = _mean_distance(real)
    if usual == 0.0:
        raise UsageError("real: all clips are alike; diversity needs clips that differ")
    return _mean_distance(fake) / usual


def _mean_distance(points: Tensor) -> float:
    """Mean distance between different rows."""
    total = sum(float(block.sum()) for _, block in distance_blocks(points, points))
    return total / (len(points) * (len(points) - 1))
