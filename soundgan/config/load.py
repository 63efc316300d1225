"""TOML and overrides to a checked config; every mistake is named by place and key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from soundgan.config.dump import to_toml
from soundgan.config.presets import find_config, preset_names, presets_folder
from soundgan.config.renamed import current_key, with_current_names
from soundgan.config.schema import Config
from soundgan.config.settings import Settings
from soundgan.errors import ConfigError
from soundgan.registry import did_you_mean

MAX_BYTES = 256 * 1024
"""Larger files are not configs; the TOML parser is slow on hostile ones."""

OVERRIDES = "`overrides`"
"""Where a key was written that no file holds."""

MOST_DOTS = 1000
"""On one line: the parser's time grows with the square of the parts of a key."""

S = TypeVar("S", bound=Settings)


@dataclass(frozen=True)
class LoadedConfig:
    """A config and where it came from.

    Attributes:
        config: The checked config.
        place: The file, as the user named it.
        name: The file's stem; names the default run folder.
        overridden: Dotted keys that overrides gave.
    """

    config: Config
    place: str
    name: str
    overridden: frozenset[str] = frozenset()

    def to_dict(self) -> dict[str, Any]:
        """All keys and their values, as nested tables."""
        return self.config.model_dump()

    def to_toml(self) -> str:
        """The same as a file: what reads it gets this config."""
        return to_toml(self.config)

    def where(self, key: str) -> str:
        """Where the value of ``key`` was written: the file, or an override."""
        return OVERRIDES if key in self.overridden else self.place


def load_config(source: str, overrides: Iterable[str] = ()) -> LoadedConfig:
    """Read, complete, override and check a config.

    Args:
        source: A path or a shipped preset's name.
        overrides: ``a.b=value`` texts; the value is TOML, else taken as text.

    Raises:
        ConfigError: Anything wrong, as ``place: key: problem, remedy``.
    """
    path = find_config(source)
    place = source if Path(source).is_file() else path.name
    table = _completed(read_toml(path, place), place)
    return _overridden(table, place, path.stem, overrides)


def with_overrides(loaded: LoadedConfig, overrides: Iterable[str]) -> LoadedConfig:
    """The config with some of its keys changed; ``overrides`` as of :func:`load_config`.

    Raises:
        ConfigError: Anything wrong with them.
    """
    changed = _overridden(loaded.to_dict(), loaded.place, loaded.name, overrides)
    return replace(changed, overridden=changed.overridden | loaded.overridden)


def _overridden(
    table: dict[str, Any], place: str, name: str, overrides: Iterable[str]
) -> LoadedConfig:
    overridden = frozenset(_apply_override(table, text) for text in overrides)
    config = check(Config, table, place, overridden=overridden)
    return LoadedConfig(config, place, name, overridden)


def read_toml(path: Path, place: str) -> dict[str, Any]:
    """Parse a small TOML file.

    Raises:
        ConfigError: Unreadable, too large, or not TOML.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{place}: cannot read: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        raise ConfigError(f"{place}: {len(content)} bytes; a config has at most {MAX_BYTES}")
    if max(line.count(b".") for line in content.split(b"\n")) > MOST_DOTS:
        raise ConfigError(f"{place}: a line of more than {MOST_DOTS} dots; write tables instead")
    try:
        return tomllib.loads(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise ConfigError(f"{place}: not UTF-8 text at byte {error.start}") from error
    except RecursionError as error:
        raise ConfigError(f"{place}: nested too deeply") from error
    except ValueError as error:  # TOMLDecodeError, and integers of thousands of digits
        raise ConfigError(f"{place}: not valid TOML: {str(error)[:200]}") from error


def check(
    model: type[S],
    table: Mapping[str, Any],
    place: str,
    *,
    prefix: str = "",
    overridden: frozenset[str] = frozenset(),
) -> S:
    """Validate ``table`` as ``model``.

    Args:
        model: The settings class.
        table: What the user wrote.
        place: File to name in errors.
        prefix: Dotted key of the table inside the file, with a final dot.
        overridden: Dotted keys that came from overrides.

    Raises:
        ConfigError: The first problem, as ``place: key: problem, remedy``.
    """
    try:
        return model.model_validate(table)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        # A mistyped key often leaves the right one missing: the typo is the thing to name.
        problem = min(problems, key=lambda item: item["type"] != "extra_forbidden")
        location = [str(part) for part in problem["loc"]]
        key = prefix + ".".join(location)
        where = OVERRIDES if key in overridden else place
        text = _explain(model, location, problem)
        raise ConfigError(f"{where}: {key}: {text}") from None
    except RecursionError:
        raise ConfigError(f"{place}: nested too deeply") from None


def known_keys(model: type[Settings]) -> tuple[str, ...]:
    """The keys of a settings class, in order of declaration."""
    return tuple(model.model_fields)


def _completed(table: dict[str, Any], place: str) -> dict[str, Any]:
    """``table`` with what it leaves out taken from the preset it extends."""
    base_name = table.pop("extends", None)
    if base_name is None:
        return table
    if base_name not in preset_names():
        raise ConfigError(
            f"{place}: extends: no preset {str(base_name)[:60]!r}; see soundgan config init"
        )
    path = presets_folder() / f"{base_name}.toml"
    return _merged(read_toml(path, path.name), with_current_names(table))


def _merged(base: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in table.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            inherited = dict(merged[key])
            if value.get("name", inherited.get("name")) != inherited.get("name"):
                inherited["options"] = {}  # another part's options mean nothing to this one
            merged[key] = _merged(inherited, value)
        else:
            merged[key] = value
    return merged


def _apply_override(table: dict[str, Any], text: str) -> str:
    """Set one ``a.b=value`` in ``table``; returns the dotted key."""
    key, equals, written = text.partition("=")
    key = current_key(".".join(part.strip() for part in key.split(".")))
    parts = key.split(".")
    if not equals or not all(parts):
        raise ConfigError(f"{OVERRIDES} {text}: write it as table.key=value")
    if len(parts) > 8 or len(text) > 4096:
        raise ConfigError(f"{OVERRIDES} {text[:60]}...: too long")
    inner = table
    for part in parts[:-1]:
        value = inner.setdefault(part, {})
        if not isinstance(value, dict):
            raise ConfigError(f"{OVERRIDES} {text}: {part} is a value, not a table")
        inner[part] = inner = dict(value)
    name = parts[-1]
    inner[name] = _value(written.strip())
    if name == "name" and "options" in inner:
        inner["options"] = {}
    return key


def _value(written: str) -> Any:
    try:
        return tomllib.loads(f"value = {written}")["value"]
    except (ValueError, RecursionError):
        return written


def _explain(model: type[Settings], location: list[str], problem: Any) -> str:
    """One pydantic problem in the words of a config file."""
    kind, value = problem["type"], problem.get("input")
    if kind == "extra_forbidden":
        table = _table_at(model, location[:-1])
        return f"unknown key; {did_you_mean(location[-1], known_keys(table))}"
    if kind == "missing":
        return 'missing; add it, or start the file with extends = "fast"'
    message = problem["msg"].removeprefix("Input should be ").replace("Value error, ", "")
    return f"must be {message}, got {str(value)[:60]!r}" if kind != "value_error" else message


def _table_at(model: type[Settings], location: list[str]) -> type[Settings]:
    for part in location:
        field = model.model_fields.get(part)
        annotation = field.annotation if field else None
        if isinstance(annotation, type) and issubclass(annotation, Settings):
            model = annotation
    return model
