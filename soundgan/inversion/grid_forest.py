"""Values on a grid from differences between neighbours, along their heaviest connections."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from soundgan.inversion.spanning_forest import Floats, Integers, integrate_differences, shorten

_AXES = (1, 2)
"""Axis k has the edges 2 k - 1 to the point before and 2 k to the one after; 0 is none."""


def neighbours(axis: int) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """All points but the first along an axis, and all but the last."""
    rest = (slice(None),) * axis
    return (*rest, slice(1, None)), (*rest, slice(None, -1))


def integrate_on_grid(
    start: Floats, differences: Sequence[Floats], weights: Sequence[Floats]
) -> NDArray[np.float64]:
    """Sum differences from point to point along a maximum spanning forest of some grids.

    The same numbers as of :func:`integrate_differences` with the edges of axis 1 before those of
    axis 2. The first joins, of most of the points, look at all neighbours in whole arrays; only
    edges between what has grown together are listed.

    Args:
        start: What a point is worth if its tree is rooted there, [b, T, F].
        differences: Value of a point less that of the one before it, [b, T - 1, F] along axis 1
            and [b, T, F - 1] along axis 2.
        weights: Finite, of the same shapes; where negative, neighbours are not connected.

    Returns:
        Values [b, T, F]; each tree has one point that is worth its ``start``.
    """
    parent, offset = _join_heaviest(differences, weights)
    shorten(parent, offset.reshape(-1))
    is_root = parent == np.arange(len(parent))
    tree = (np.cumsum(is_root) - 1)[parent].reshape(start.shape)
    ends: list[list[Integers]] = [[], []]
    between, heavy = [], []
    for axis, difference, weight in zip(_AXES, differences, weights, strict=True):
        after, before = neighbours(axis)
        crossing = np.flatnonzero((tree[after] != tree[before]) & (weight >= 0))
        for nodes, side in zip(ends, (after, before), strict=True):
            nodes.append(tree[side].ravel()[crossing])
        rest = difference + offset[before] - offset[after]
        between.append(rest.ravel()[crossing])
        heavy.append(weight.ravel()[crossing])
    a, b = (np.concatenate(nodes) for nodes in ends)
    roots = integrate_differences(
        start.reshape(-1)[is_root], (a, b), np.concatenate(between), np.concatenate(heavy)
    )
    values: NDArray[np.float64] = roots[tree] + offset
    return values


def _join_heaviest(
    differences: Sequence[Floats], weights: Sequence[Floats]
) -> tuple[Integers, NDArray[np.float64]]:
    """The point that each joins [n], itself for roots, and its value less that one's [b, T, F]."""
    choice = _choose(weights)
    offset = np.zeros(choice.shape)
    for axis, difference in zip(_AXES, differences, strict=True):
        after, before = neighbours(axis)
        back, forth = choice[after] == 2 * axis - 1, choice[before] == 2 * axis
        # Where two points chose each other, the later keeps the one before it, which is a root.
        both = back & forth
        choice[before] *= ~both
        offset[after] += difference * back
        offset[before] -= difference * (forth & ~both)
    row = choice.shape[2]
    steps = np.array([0, -row, row, -1, 1], dtype=np.intp)
    return np.arange(choice.size) + steps[choice.ravel()], offset


def _choose(weights: Sequence[Floats]) -> NDArray[np.int8]:
    """Along which of its up to four edges each point joins; of equal ones the later edge.

    Maxima of whole numbers, because masks in whose bits there is no order cost several times more.
    """
    b, rows, _ = weights[1].shape
    best = np.zeros((b, rows, weights[0].shape[2]), dtype=np.int64)
    for axis, weight in zip(_AXES, weights, strict=True):
        # Bits of non-negative floats sort like the floats, and those of negative ones are below 0.
        key = weight.astype(np.float32).view(np.int32).astype(np.int64) << 3
        # An edge has the place of its first point: that to the point before comes earlier.
        for number, side in zip((2 * axis - 1, 2 * axis), neighbours(axis), strict=True):
            np.maximum(best[side], key | number, out=best[side])
    return (best & 7).astype(np.int8)
