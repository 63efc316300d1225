"""A config as TOML that reads back as the same config, and the differences between two."""

from __future__ import annotations

import json
from typing import Any

import tomli_w

from soundgan.config.schema import Config


def to_toml(config: Config) -> str:
    """The config as TOML text; ``load_config`` of it gives an equal config."""
    return tomli_w.dumps(config.model_dump())


def to_json(config: Config) -> str:
    """The config as one line of JSON with sorted keys, for the header of a model file."""
    return json.dumps(config.model_dump(), sort_keys=True, separators=(",", ":"))


def differences(old: Config, new: Config) -> dict[str, tuple[Any, Any]]:
    """Dotted keys whose values differ, with the old and the new value (``None`` when absent)."""
    before, after = _flat(old.model_dump()), _flat(new.model_dump())
    keys = sorted(before.keys() | after.keys())
    return {
        key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)
    }


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat
