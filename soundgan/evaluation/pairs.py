"""Two tables of features: whether they can be compared, and the distances between their rows."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from soundgan.errors import UsageError

_BLOCK_DISTANCES = 1 << 22
"""Distances that are in memory at a time."""


def checked(at_least: int, **tables: Tensor) -> list[Tensor]:
    """Feature tables [N, D] as float64, in the order given.

    Args:
        at_least: Fewest rows that the caller can work with.
        tables: The tables by the name that an error calls them.

    Raises:
        UsageError: A table is not [N, D], too short, not finite, or of another D.
    """
    (first, reference), *_ = tables.items()
    for name, table in tables.items():
        if table.ndim != 2:
            raise UsageError(f"{name}: expected features [N, D], got {list(table.shape)}")
        if table.shape[1] != reference.shape[1]:
            raise UsageError(
                f"{name}: {table.shape[1]} features a clip, {first} has {reference.shape[1]}; "
                "use one extractor for both"
            )
        if len(table) < at_least:
            raise UsageError(f"{name}: needs at least {at_least} clips, got {len(table)}")
        if not torch.isfinite(table).all():
            raise UsageError(f"{name}: features are not finite; leave broken clips out")
    return [table.detach().to("cpu", torch.float64) for table in tables.values()]


def blocks(rows: Tensor, n_rows: int) -> list[Tensor]:
    """``rows`` [N, ...] in pieces of ``n_rows``."""
    return [rows[start : start + n_rows] for start in range(0, len(rows), n_rows)]


def distance_blocks(rows: Tensor, columns: Tensor) -> Iterator[tuple[int, Tensor]]:
    """Euclidean distances [n, columns] of a few rows at a time, each with its first row's index.

    Differences are formed before squaring, so that equal rows are exactly 0 apart.
    """
    step = max(1, _BLOCK_DISTANCES // max(1, len(columns)))
    for start in range(0, len(rows), step):
        yield (
            start,
            torch.cdist(
                rows[start : start + step], columns, compute_mode="donot_use_mm_for_euclid_dist"
            ),
        )
