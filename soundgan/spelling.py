"""Parameters in messages: written as in Python, read as options by people at a command line."""

from __future__ import annotations

import re
from collections.abc import Mapping

PARAMETER = re.compile(r"`([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)(?:=([^`]*))?`")

DASHES = "--"

OTHERWISE = {
    "audio_format": "format",
    "drawn_by": "from",
    "dropped": "not",
    "formats": "format",
    "overrides": "set",
    "start_from": "from",
}
"""Parameters whose options are called something else."""


def with_options(text: str) -> str:
    """``text`` with its parameters as the command line spells them.

    Messages name parameters as they are typed in Python: ```label```, ```clip_seconds=1.3```,
    ```slice=False```; and keys of a config as ```training.steps=500```.
    """
    return PARAMETER.sub(_as_option, text)


def command_line(parameters: Mapping[str, object]) -> list[str]:
    """Parameters as a program gives them to a command; those that are ``None`` are left out."""
    words = []
    for name, value in parameters.items():
        option = OTHERWISE.get(name, name).replace("_", "-")
        if isinstance(value, bool):
            words.append(f"{DASHES}{option}" if value else f"{DASHES}no-{option}")
        elif value is not None:
            words.append(f"{DASHES}{option}={value}")
    return words


def _as_option(found: re.Match[str]) -> str:
    name, value = found.groups()
    if "." in name:
        return f"{DASHES}set {name}={'VALUE' if value is None else value}"
    option = OTHERWISE.get(name, name).replace("_", "-")
    if value == "False":
        return f"{DASHES}no-{option}"
    return f"{DASHES}{option}" if value in (None, "True") else f"{DASHES}{option} {value}"
