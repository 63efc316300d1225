"""The part that a table of a config names, with its options checked."""

from __future__ import annotations

from typing import Any

from soundgan.config.load import check
from soundgan.config.schema import Component
from soundgan.config.settings import Settings
from soundgan.errors import ConfigError, UsageError
from soundgan.registry import Registry


def load_part(
    registry: Registry[Any], component: Component, key: str, place: str
) -> tuple[Any, Settings]:
    """The class a component names and its checked options.

    Raises:
        ConfigError: Unknown name or bad option, as ``place: key: problem``.
    """
    try:
        part = registry.load(component.name)
    except UsageError as error:
        raise ConfigError(f"{place}: {key}.name: {error}") from None
    return part, check(part.Options, component.options, place, prefix=f"{key}.options.")
