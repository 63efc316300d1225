"""Sums over grids, against the same edges listed one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from soundgan.inversion.grid_forest import integrate_on_grid, neighbours
from soundgan.inversion.spanning_forest import integrate_differences

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


def listed(start: NDArray[np.float64], differences: Pair, weights: Pair) -> NDArray[np.float64]:
    point = np.arange(start.size).reshape(start.shape)
    columns: list[list[NDArray[Any]]] = [[], [], [], []]
    for axis, difference, weight in zip((1, 2), differences, weights, strict=True):
        joined = weight >= 0
        after, before = neighbours(axis)
        found = (point[after], point[before], difference, weight)
        for column, values in zip(columns, found, strict=True):
            column.append(values[joined])
    a, b, difference, weight = (np.concatenate(column) for column in columns)
    ends = (a.astype(np.intp), b.astype(np.intp))
    return integrate_differences(start.ravel(), ends, difference, weight).reshape(start.shape)


def on_edges(
    shape: tuple[int, int, int], draw: Callable[[tuple[int, ...]], NDArray[np.float64]]
) -> Pair:
    b, rows, columns = shape
    return draw((b, rows - 1, columns)), draw((b, rows, columns - 1))


@pytest.mark.parametrize("shape", [(3, 17, 23), (1, 1, 9), (2, 9, 1), (1, 1, 1), (2, 2, 2)])
@pytest.mark.parametrize("steps", [3, 10_000_000])
def test_the_grid_gives_what_its_edges_give(
    shape: tuple[int, int, int], steps: int, rng: np.random.Generator
) -> None:
    # Few steps make many equal weights, zeros among them.
    start = rng.random(shape)
    differences = on_edges(shape, rng.standard_normal)
    weights = on_edges(
        shape, lambda size: np.where(rng.random(size) < 0.2, -1.0, rng.integers(0, steps, size) / 8)
    )
    assert np.array_equal(
        integrate_on_grid(start, differences, weights), listed(start, differences, weights)
    )


def test_a_potential_comes_back_where_everything_is_connected(rng: np.random.Generator) -> None:
    potential = rng.integers(0, 1000, (2, 12, 15)).astype(float)
    differences = (np.diff(potential, axis=1), np.diff(potential, axis=2))
    weights = on_edges(potential.shape, rng.random)
    values = integrate_on_grid(np.zeros(potential.shape), differences, weights)
    for value, expected in zip(values, potential, strict=True):
        assert np.array_equal(value - value[0, 0], expected - expected[0, 0])


def test_what_is_not_connected_keeps_its_start() -> None:
    start = np.array([[[0.5, 0.25], [4.0, 8.0]]])
    nothing = (np.full((1, 1, 2), -1.0), np.full((1, 2, 1), -1.0))
    differences = (np.ones((1, 1, 2)), np.ones((1, 2, 1)))
    assert np.array_equal(integrate_on_grid(start, differences, nothing), start)
    down_left = (np.array([[[2.0, -1.0]]]), nothing[1])
    values = integrate_on_grid(start, differences, down_left)
    assert values[0, 1, 0] - values[0, 0, 0] == 1.0
    assert values[0, :, 1].tolist() == [0.25, 8.0]
