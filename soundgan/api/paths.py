"""One path or several, as callers give them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

Paths = str | Path | Sequence[str | Path]


def as_paths(given: Paths) -> tuple[Path, ...]:
    """All of them, in their order."""
    return tuple(map(Path, [given] if isinstance(given, str | Path) else given))


def as_path(given: str | Path | None) -> Path | None:
    """The path, if one is given."""
    return None if given is None else Path(given)
