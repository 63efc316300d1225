"""The provenance of a sound or a picture: how it was made, as it says itself.

It is JSON, in the comment of a sound, and in the text ``recipe`` of a picture.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from soundgan.audio.wav import read_metadata
from soundgan.errors import AudioError

FINISHES = {"trim_db": "trim", "fade_ms": "fade", "normalise_db": "normalise"}
"""Entries of it, and the parameters of ``generate`` that they stand for."""


def provenance_in(texts: Mapping[str, str]) -> dict[str, Any] | None:
    """The provenance among a file's texts, ``None`` where there is none of ours."""
    for key in ("comment", "recipe"):
        try:
            found = json.loads(texts.get(key, ""))
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and isinstance(found.get("soundgan"), str):
            return found
    return None


def provenance_of_sound(path: Path) -> dict[str, Any] | None:
    """The provenance inside a WAV or FLAC file, ``None`` where it cannot be read as one of ours."""
    try:
        return provenance_in(read_metadata(path))
    except AudioError:
        return None


def is_generated(provenance: Mapping[str, Any]) -> bool:
    """Whether it is the provenance of ``generate``, which does not name its command."""
    numbered = isinstance(provenance.get("seed"), int) and provenance["seed"] >= 0
    addressed = isinstance(provenance.get("address"), str)
    return isinstance(provenance.get("model"), str) and (numbered or addressed)


def arguments_of(
    provenance: Mapping[str, Any], model: str, *, labelled: bool, file: Path
) -> dict[str, Any]:
    """The arguments of ``soundgan.generate`` that make a generated sound again.

    Args:
        provenance: Of the sound.
        model: Name of its model.
        labelled: Whether the model knows classes.
        file: The sound, for what its samples are.
    """
    arguments: dict[str, Any] = _which(provenance, model, file, labelled=labelled)
    arguments |= {name: True for entry, name in FINISHES.items() if entry in provenance}
    return arguments | _samples(file)


def _which(
    provenance: Mapping[str, Any], model: str, file: Path, *, labelled: bool
) -> dict[str, Any]:
    if isinstance(provenance.get("address"), str):
        # The numbers of codes are in the file, and perhaps nowhere else.
        named = str(file) if provenance.get("codes") else provenance["address"]
        return {"addresses": named, "model": model}
    arguments: dict[str, Any] = {"count": 1, "seed": provenance["seed"], "model": model}
    label = provenance.get("label")
    if isinstance(label, str):
        arguments["label"] = label
    elif labelled:
        arguments["no_label"] = True
    if provenance.get("truncation", 1.0) != 1.0:
        arguments["truncation"] = provenance["truncation"]
    return arguments


def _samples(file: Path) -> dict[str, Any]:
    """What gives a sound the format of a file, or a picture beside it."""
    if file.suffix.lower() == ".png":
        return {"png": True}
    import soundfile  # noqa: PLC0415 - pictures need none

    found = soundfile.info(file)
    form = {"audio_format": "flac"} if found.format == "FLAC" else {}
    return form | ({} if found.subtype == "PCM_16" else {"subtype": found.subtype})
