"""Folders that this program has made, which are no input."""

from __future__ import annotations

import json
from pathlib import Path

from soundgan.data.manifest import KIND, MANIFEST
from soundgan.errors import ArtefactError
from soundgan.ingest.store import REPORT, REPORT_KIND, WORK
from soundgan.pipelines.documents import RUN_KIND, RUN_RECORD
from soundgan.runtime.files import read_json

OWN_RUN, OWN_DATASET = "a run", "a prepared folder"
REASONS = frozenset((OWN_RUN, OWN_DATASET))

_MOST_BYTES = 1 << 29


def refuse_own(folder: Path, names: frozenset[str]) -> str | None:
    """Why ``folder`` holds no sounds to learn from, or ``None``; by what is in it, not its name.

    Args:
        folder: Where.
        names: What lies in it.
    """
    if RUN_RECORD in names and _kind(folder / RUN_RECORD) == RUN_KIND:
        return OWN_RUN
    if WORK in names or any(
        name in names and _says(folder / name, kind)
        for name, kind in ((MANIFEST, KIND), (REPORT, REPORT_KIND))
    ):
        return OWN_DATASET
    return None


def _kind(path: Path) -> object:
    try:
        document = read_json(path)
    except ArtefactError:
        return None
    return document.get("kind") if isinstance(document, dict) else None


def _says(path: Path, kind: str) -> bool:
    """Whether one of its lines names the kind: these files may be too large to parse."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return False
        return f'\n"kind": {json.dumps(kind)},\n'.encode() in path.read_bytes()
    except OSError:
        return False
