"""The configs that travel with the package."""

from __future__ import annotations

from pathlib import Path

from soundgan.errors import ConfigError
from soundgan.registry import did_you_mean

PACKAGE = Path(__file__).resolve().parents[1]


def presets_folder() -> Path:
    """Inside an installed package, or ``configs/`` beside the package in a checkout."""
    installed = PACKAGE / "presets"
    return installed if installed.is_dir() else PACKAGE.parent / "configs"


def preset_names() -> tuple[str, ...]:
    """All shipped presets, in alphabetical order."""
    return tuple(sorted(path.stem for path in presets_folder().glob("*.toml")))


def find_config(source: str) -> Path:
    """The file that ``source`` means: a path, or a shipped preset's name.

    A path to a missing ``configs/NAME.toml`` falls back to the shipped preset of that name, so
    that the same command works inside and outside a checkout.

    Raises:
        ConfigError: Neither a file nor a preset.
    """
    path = Path(source)
    if path.is_file():
        return path
    name = path.stem if path.parts[:-1] in ((), ("configs",)) else ""
    if name in preset_names() and path.suffix in ("", ".toml"):
        return presets_folder() / f"{name}.toml"
    if path.suffix or len(path.parts) > 1:
        raise ConfigError(f"{source}: no such file; shipped presets: {', '.join(preset_names())}")
    raise ConfigError(f"{source}: no such preset; {did_you_mean(source, preset_names())}")
