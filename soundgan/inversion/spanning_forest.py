"""Values on the nodes of a graph from differences along its heaviest connections."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.intp]


def integrate_differences(
    start: Floats, ends: tuple[Integers, Integers], difference: Floats, weight: Floats
) -> NDArray[np.float64]:
    """Sum differences from node to node along a maximum spanning forest.

    Boruvka's algorithm with whole arrays: each node joins the neighbour across its heaviest edge,
    what grew together becomes one node of a smaller graph, and so on until no edge is left. Ties
    go to the later edge, so that the forest is unique.

    Args:
        start: What a node is worth if its tree is rooted there, [n].
        ends: The nodes a and b at both ends of each edge, [m] each.
        difference: Value of a less the value of b, [m].
        weight: Non-negative and finite, [m]; heavy edges are followed before light ones.

    Returns:
        Values [n]; each tree has one node that is worth its ``start``.

    References:
        Boruvka, "O jistem problemu minimalnim", 1926.
    """
    # Why a maximum spanning forest: between any two nodes, its path is the one whose lightest edge
    # is heaviest, so that no value is carried over a doubtful edge where a better way leads around.
    # Why all nodes may choose at once: the heaviest edge of a node, or of a tree that has grown,
    # belongs to the forest (any other way out of it could be exchanged for that edge), and as no
    # two edges weigh the same, choices make no cycle but the pair that chose each other. Every
    # round at least halves the number of trees that have an edge: at most log2 n rounds.
    # Between rounds, value(a) = value(root of a) + offset[a], and the same for b. An edge that says
    # value(a) - value(b) = d therefore says of the roots d - offset[a] + offset[b].
    a, b = ends
    difference = difference.astype(np.float64)
    # Bits of non-negative floats sort like the floats; the position below them breaks ties.
    key = weight.astype(np.float32).view(np.int32).astype(np.int64) << 32 | np.arange(len(a))
    levels = []
    n = len(start)
    while len(a):
        parent, offset = _join_heaviest(n, a, b, difference, key)
        shorten(parent, offset)
        is_root = parent == np.arange(n)
        number = np.cumsum(is_root) - 1
        tree = number[parent]
        levels.append((tree, offset, is_root))
        difference = difference + offset[b] - offset[a]
        a, b = tree[a], tree[b]
        crossing = np.flatnonzero(a != b)
        a, b, difference, key = a[crossing], b[crossing], difference[crossing], key[crossing]
        n = int(number[-1]) + 1
    value = start.astype(np.float64)
    for _, _, is_root in levels:
        value = value[is_root]
    for tree, offset, _ in reversed(levels):
        value = value[tree] + offset
    return value


def _join_heaviest(
    n: int, a: Integers, b: Integers, difference: Floats, key: NDArray[np.int64]
) -> tuple[Integers, NDArray[np.float64]]:
    """The node [n] that each node joins, itself for roots, and its value less that node's."""
    heaviest = np.full(n, -1, dtype=np.int64)
    np.maximum.at(heaviest, a, key)
    np.maximum.at(heaviest, b, key)
    parent = np.arange(n)
    offset = np.zeros(n)
    up = np.flatnonzero(heaviest[b] == key)
    parent[b[up]], offset[b[up]] = a[up], -difference[up]
    # Where two nodes chose each other, a keeps b and b becomes the root.
    down = np.flatnonzero(heaviest[a] == key)
    mutual = down[heaviest[b[down]] == key[down]]
    parent[a[down]], offset[a[down]] = b[down], difference[down]
    parent[b[mutual]], offset[b[mutual]] = b[mutual], 0.0
    return parent, offset


def shorten(parent: Integers, offset: NDArray[np.float64]) -> None:
    """Make every parent a root, and every offset [n] the one to it, in place."""
    while True:
        grandparent = parent.take(parent)
        if np.array_equal(grandparent, parent):
            return
        offset += offset.take(parent)
        parent[:] = grandparent
