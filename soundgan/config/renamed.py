"""Options that had another name in earlier versions, whose configs and models are still read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RENAMED = {"generator": {"texture": "noise_injection"}}
"""For a table of the config, the old name of an option of its part and the name it has now."""


def current_key(key: str) -> str:
    """A dotted ``table.options.name`` as it is called now."""
    table, _, option = key.partition(".options.")
    return f"{table}.options.{RENAMED[table][option]}" if option in RENAMED.get(table, ()) else key


def with_current_names(config: Mapping[str, Any]) -> dict[str, Any]:
    """A config's tables with old options under their new names.

    Where the new name is there too, the old one stays: its part refuses it as unknown.
    """
    current = dict(config)
    for table, names in RENAMED.items():
        part = current.get(table)
        if not isinstance(part, dict) or not isinstance(options := part.get("options"), dict):
            continue
        renamed = {old: new for old, new in names.items() if new not in options}
        options = {renamed.get(key, key): value for key, value in options.items()}
        current[table] = {**part, "options": options}
    return current
