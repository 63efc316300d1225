"""A part of a family, made from its name and its options."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from soundgan.registry import Registry

Part = TypeVar("Part")


def make(
    registry: Registry[type[Part]], name: str, *place: object, options: dict[str, Any] | None = None
) -> Part:
    """The part called ``name``; ``place`` is what its family takes after the options."""
    kind: Any = registry.load(name)
    return cast(Part, kind(kind.Options(**(options or {})), *place))
