"""Configs in the hands of a Python program.

>>> import soundgan
>>> loaded = soundgan.load_config("fast", overrides={"training.steps": 500})
>>> loaded.config.training.steps, loaded.config.generator.name
(500, 'convt')
>>> loaded.to_dict()["training"]["batch_size"]
8
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from soundgan.api.arguments import checked, shown
from soundgan.config import load
from soundgan.config.load import LoadedConfig
from soundgan.errors import UsageError

Overrides = Mapping[str, object] | Sequence[str] | None
"""Dotted keys and values: ``{"training.steps": 2000}``, or ``["training.steps=2000"]``."""


@checked
def load_config(source: str | Path = "base", *, overrides: Overrides = None) -> LoadedConfig:
    """The complete config of a file or a preset, checked; :func:`soundgan.train` takes it.

    Its values are attributes, ``.config.training.steps``; :meth:`to_dict` and :meth:`to_toml`
    give all of them.

    Args:
        source: A TOML file or the name of a preset.
        overrides: Keys to change and their values: ``{"training.steps": 2000}``, or texts like
            ``training.steps=2000``.

    Raises:
        ConfigError: Anything wrong with it. Options of parts are checked by
            :func:`soundgan.check_config`, and before a training.
    """
    return load.load_config(str(source), as_texts(overrides))


@checked
def check_config(source: str | Path | LoadedConfig, *, overrides: Overrides = None) -> LoadedConfig:
    """Check a config completely, with the options of its parts; returns it.

    Args:
        source: As of :func:`load_config`, or what it returned.
        overrides: As of :func:`load_config`.

    Raises:
        ConfigError: The first thing that is wrong.
    """
    if isinstance(source, LoadedConfig):
        loaded = load.with_overrides(source, as_texts(overrides))
    else:
        loaded = load_config(source, overrides=overrides)
    from soundgan.pipelines.check_config import check_parts

    check_parts(loaded)
    return loaded


@checked
def init_config(path: str | Path = "soundgan.toml", *, preset: str = "base") -> Path:
    """Write a preset with its comments, as the start of a config of your own.

    Args:
        path: The file; one that is there is never replaced.
        preset: Its name.

    Raises:
        ConfigError: No such preset.
        OutputError: The file holds something else, or cannot be written.
    """
    from soundgan.config.presets import find_config
    from soundgan.runtime.files import write_if_new

    write_if_new(Path(path), find_config(preset).read_bytes(), overwrite=False)
    return Path(path)


def as_texts(overrides: Overrides) -> list[str]:
    """As ``key=value``; JSON of numbers, texts and lists is TOML too."""
    if isinstance(overrides, Mapping):
        return [f"{key}={_as_text(key, value)}" for key, value in overrides.items()]
    return list(overrides or ())


def _as_text(key: str, value: object) -> str:
    """One value; those of numpy as plain ones."""
    try:
        return json.dumps(value, default=lambda other: other.tolist())
    except (AttributeError, TypeError, ValueError):
        raise UsageError(f"`overrides` {key}: {shown(value)} is no value of a config") from None
