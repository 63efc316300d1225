"""How a sound or a picture was made, as it says itself."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from soundgan.audio.wav import read_metadata
from soundgan.errors import AudioError

FINISHES = {"trim_db": "--trim", "fade_ms": "--fade", "normalise_db": "--normalise"}
"""Entries of a recipe, and the options of ``generate`` that they stand for."""


def recipe_in(texts: Mapping[str, str]) -> dict[str, Any] | None:
    """The recipe among a file's texts, ``None`` where there is none of ours."""
    for key in ("comment", "recipe"):
        try:
            found = json.loads(texts.get(key, ""))
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and isinstance(found.get("soundgan"), str):
            return found
    return None


def recipe_of_sound(path: Path) -> dict[str, Any] | None:
    """The recipe inside a WAV or FLAC file, ``None`` where it cannot be read as one of ours."""
    try:
        return recipe_in(read_metadata(path))
    except AudioError:
        return None


def is_generated(recipe: Mapping[str, Any]) -> bool:
    """Whether it is the recipe of ``generate``, which does not name its command."""
    return isinstance(recipe.get("model"), str) and isinstance(recipe.get("seed"), int)


def command_of(recipe: Mapping[str, Any], model: str, *, labelled: bool, file: Path) -> str:
    """The command that makes a generated sound again.

    Args:
        recipe: Of the sound.
        model: What to give as ``--model``.
        labelled: Whether the model knows classes.
        file: The sound, for what its samples are.
    """
    words = ["soundgan", "generate", "-n", "1", "--seed", str(recipe["seed"]), "--model", model]
    label = recipe.get("label")
    if isinstance(label, str):
        words += ["--label", label]
    elif labelled:
        words.append("--no-label")
    if recipe.get("truncation", 1.0) != 1.0:
        words += ["--truncation", str(recipe["truncation"])]
    words += [option for name, option in FINISHES.items() if name in recipe]
    return shlex.join(words + _sample_options(file))


def _sample_options(file: Path) -> list[str]:
    """The options that give a sound the format of a file, or a picture beside it."""
    if file.suffix.lower() == ".png":
        return ["--png"]
    import soundfile

    found = soundfile.info(file)
    words = ["--format", "flac"] if found.format == "FLAC" else []
    return words + ([] if found.subtype == "PCM_16" else ["--subtype", found.subtype])
