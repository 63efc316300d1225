"""One path or several, as callers give them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from soundgan.errors import UsageError

Paths = str | Path | Sequence[str | Path]


def as_paths(given: Paths) -> tuple[Path, ...]:
    """All of them, in their order."""
    return tuple(map(Path, [given] if isinstance(given, str | Path) else given))


def some_paths(name: str, given: Paths) -> tuple[Path, ...]:
    """All of them, where nothing to do would look like work that was done.

    Raises:
        UsageError: There are none.
    """
    paths = as_paths(given)
    if not paths:
        raise UsageError(f"`{name}`: empty; give one path or several")
    return paths


def as_path(given: str | Path | None) -> Path | None:
    """The path, if one is given."""
    return None if given is None else Path(given)
