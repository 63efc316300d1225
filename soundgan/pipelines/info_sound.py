"""What a sound or a picture says of itself: the model, the seed, and how to make it again."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from soundgan.audio.descriptor import open_to_read, read_at
from soundgan.errors import ArtefactError, AudioError, PictureError, UsageError
from soundgan.pipelines.find_model import RUNS, bundled_models, run_models
from soundgan.pipelines.provenance import arguments_of, is_generated, provenance_in

SOUNDS = (b"RIFF", b"RF64", b"RIFX", b"fLaC", b"OggS", b"ID3", b"FORM", b".snd", b"caff")
"""What sound files begin with, beside MP3 frames."""

PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")

AGAIN = "make it again"
"""Key of the arguments that ``soundgan.generate`` makes a sound again with."""

_PREVIEW = re.compile(r"seed (\d{1,19}), step (\d{1,19})")
"""Titles of the sounds that ``train`` writes beside its pictures."""


def kind_of(path: Path) -> str | None:
    """``sound`` or ``picture`` by a file's first bytes, ``None`` for anything else.

    Raises:
        UsageError: It cannot be read.
    """
    if path.is_dir():
        raise UsageError(f"{path}: a folder; name the files in it")
    try:
        descriptor, _ = open_to_read(str(path))
        try:
            start = read_at(descriptor, 12, 0)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise UsageError(f"{path}: cannot read: {error.strerror}") from error
    if start[:4] == b"RIFF" and start[8:] == b"WEBP":
        return "picture"
    if start.startswith(SOUNDS) or (start[:1] == b"\xff" and start[1:2] >= b"\xe0"):
        return "picture" if start.startswith(PICTURES) else "sound"
    return "picture" if start.startswith(PICTURES) else None


def describe_product(path: Path, kind: str) -> dict[str, Any]:
    """Facts about a sound or picture; ``kind`` is ``foreign`` where it does not say who made it."""
    texts = texts_of(path, kind)
    provenance = provenance_in(texts)
    if provenance is None:
        maker = texts.get("comment", "")
        if maker.startswith("synthesised by soundgan"):
            return {"kind": kind, "path": str(path), "made by": maker}
        if preview := _PREVIEW.fullmatch(texts.get("title", "")):
            seed, step = map(int, preview.groups())
            made_by = "soundgan train, as a preview"
            return {
                "kind": kind,
                "path": str(path),
                "made by": made_by,
                "seed": seed,
                "model step": step,
            }
        return {"kind": "foreign", "path": str(path)}
    facts: dict[str, Any] = {
        "kind": kind,
        "path": str(path),
        "made by": f"soundgan {provenance['soundgan']}",
    }
    if not is_generated(provenance):
        rest = {k.replace("_", " "): v for k, v in provenance.items() if k != "soundgan" and v}
        return facts | rest
    return facts | _generated(path, provenance)


def _generated(path: Path, provenance: dict[str, Any]) -> dict[str, Any]:
    """Facts about what ``generate`` made."""
    from soundgan.inference.model_file import describe_model

    facts: dict[str, Any] = {
        **_which(provenance),
        **{k: provenance[k] for k in ("trim_db", "fade_ms", "normalise_db") if k in provenance},
        "model sha256": provenance["model"],
    }
    if "step" in provenance:
        facts["model step"] = provenance["step"]
    found = find_by_hash(provenance["model"])
    if found is None:
        return facts | {"model": f"not among the runs in {RUNS}/ and the bundled models"}
    name, file = found
    labelled = bool(describe_model(file).labels)
    arguments = arguments_of(provenance, name, labelled=labelled, file=path)
    return facts | {"model": name, AGAIN: arguments}


def _which(provenance: dict[str, Any]) -> dict[str, Any]:
    """What names the sound among those of its model."""
    if isinstance(provenance.get("address"), str):
        return {"address": provenance["address"]}
    return {
        "seed": provenance["seed"],
        "class": provenance.get("label") or "none",
        "truncation": provenance.get("truncation", 1.0),
    }


def find_by_hash(sha256: str) -> tuple[str, Path] | None:
    """The name for the model of this hash, and its file, if it is within reach."""
    from soundgan.runtime.files import sha256_file

    within_reach = [(str(path.parent), path) for path in run_models(RUNS)]
    within_reach += list(bundled_models().items())
    for name, path in within_reach:
        try:
            if sha256_file(path) == sha256:
                return name, path
        except OSError:
            continue  # a run that is being deleted
    return None


def texts_of(path: Path, kind: str) -> dict[str, str]:
    """Texts inside a sound or picture; none where it can have none of ours."""
    if kind == "sound":
        from soundgan.audio.wav import read_metadata

        try:
            return read_metadata(path)
        except AudioError:
            return {}
    from soundgan.pictures.open import open_picture

    try:
        return open_picture(path).metadata
    except (PictureError, ArtefactError):
        return {}
