"""How a sound or a picture was made, as it says itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from soundgan.audio.wav import read_metadata
from soundgan.errors import AudioError

FINISHES = {"trim_db": "trim", "fade_ms": "fade", "normalise_db": "normalise"}
"""Entries of a recipe, and the parameters of ``generate`` that they stand for."""


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


def arguments_of(
    recipe: Mapping[str, Any], model: str, *, labelled: bool, file: Path
) -> dict[str, Any]:
    """The arguments of ``soundgan.generate`` that make a generated sound again.

    Args:
        recipe: Of the sound.
        model: Name of its model.
        labelled: Whether the model knows classes.
        file: The sound, for what its samples are.
    """
    arguments: dict[str, Any] = {"count": 1, "seed": recipe["seed"], "model": model}
    label = recipe.get("label")
    if isinstance(label, str):
        arguments["label"] = label
    elif labelled:
        arguments["no_label"] = True
    if recipe.get("truncation", 1.0) != 1.0:
        arguments["truncation"] = recipe["truncation"]
    arguments |= {name: True for entry, name in FINISHES.items() if entry in recipe}
    return arguments | _samples(file)


def _samples(file: Path) -> dict[str, Any]:
    """What gives a sound the format of a file, or a picture beside it."""
    if file.suffix.lower() == ".png":
        return {"png": True}
    import soundfile  # noqa: PLC0415 - pictures need none

    found = soundfile.info(file)
    form = {"audio_format": "flac"} if found.format == "FLAC" else {}
    return form | ({} if found.subtype == "PCM_16" else {"subtype": found.subtype})
