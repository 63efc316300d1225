"""Sums along the heaviest edges, against scipy's spanning tree and by hand."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

from soundgan.inversion.spanning_forest import integrate_differences


def integrate(
    start: list[float], edges: list[tuple[int, int]], difference: list[float], weight: list[float]
) -> list[float]:
    a, b = np.array(edges, dtype=np.intp).reshape(-1, 2).T
    return integrate_differences(
        np.array(start), (a, b), np.array(difference), np.array(weight)
    ).tolist()


def test_the_lightest_edge_of_a_circle_is_not_followed() -> None:
    circle = [(1, 0), (2, 1), (3, 2), (0, 3)]
    values = integrate([0.0] * 4, circle, [1.0, 10.0, 100.0, 1000.0], [5.0, 4.0, 3.0, 1.0])
    assert (np.array(values) - values[0]).tolist() == [0.0, 1.0, 11.0, 111.0]
    values = integrate([0.0] * 4, circle, [1.0, 10.0, 100.0, 1000.0], [5.0, 4.0, 1.0, 3.0])
    assert (np.array(values) - values[0]).tolist() == [0.0, 1.0, 11.0, -1000.0]


def test_nodes_without_edges_keep_their_start() -> None:
    assert integrate([3.0, 4.0, 5.0], [], [], []) == [3.0, 4.0, 5.0]
    assert integrate([3.0, 4.0, 5.0], [(0, 2)], [-2.0], [0.0])[1] == 4.0
    assert integrate([], [], [], []) == []


def test_each_tree_holds_one_node_that_is_worth_its_start() -> None:
    start = [0.25, 0.5, 0.125, 0.75]
    values = integrate(start, [(0, 1), (3, 2)], [8.0, 16.0], [1.0, 1.0])
    assert values[0] - values[1] == 8.0
    assert values[3] - values[2] == 16.0
    assert sum(value == s for value, s in zip(values, start, strict=True)) == 2


def test_equal_weights_still_make_a_forest(rng: np.random.Generator) -> None:
    # Differences of a potential give it back along any tree, but a circle of joins never ends.
    potential = rng.integers(0, 1000, 400).astype(float)
    a, b = rng.integers(0, 400, (2, 3000))
    keep = a != b
    a, b = a[keep], b[keep]
    values = integrate_differences(
        np.zeros(400), (a, b), potential[a] - potential[b], np.ones(len(a))
    )
    assert np.array_equal(values - values[0], potential - potential[0])


def test_the_forest_is_that_of_scipy(rng: np.random.Generator) -> None:
    n = 500
    pairs = np.unique(np.sort(rng.integers(0, n, (900, 2)), axis=1), axis=0)
    a, b = pairs[pairs[:, 0] != pairs[:, 1]].T
    weight = rng.permutation(len(a)).astype(float)
    difference = rng.integers(-99, 99, len(a)).astype(float)
    values = integrate_differences(np.zeros(n), (a, b), difference, weight)

    tree = minimum_spanning_tree(coo_array((len(a) - weight, (a, b)), shape=(n, n)).tocsr())
    chosen = {tuple(edge) for edge in np.argwhere(tree.toarray() > 0).tolist()}
    expected = np.zeros(n)
    known = {(i, j): d for i, j, d in zip(a.tolist(), b.tolist(), difference, strict=True)}
    n_trees, label = connected_components(tree, directed=False)
    assert n_trees > 1
    for k in range(n_trees):
        root = int(np.flatnonzero(label == k)[0])
        order, before = breadth_first_order(tree, root, directed=False)
        for node in order[1:].tolist():
            parent = int(before[node])
            edge = (min(node, parent), max(node, parent))
            assert edge in chosen
            expected[node] = expected[parent] + known[edge] * (1 if edge[0] == node else -1)
        members = label == k
        assert np.array_equal((values - values[root])[members], expected[members])
