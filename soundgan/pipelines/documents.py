"""The files that commands leave for one another: their names, and JSON of a known kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from soundgan.data.manifest import MANIFEST
from soundgan.errors import ArtefactError, UsageError
from soundgan.runtime.files import read_json

CONFIG = "config.toml"
RUN_RECORD = "run.json"
RUN_KIND = "soundgan run"
RUN_SCHEMA = 1

MODEL_NAME = "model.safetensors"
EVALUATION = "evaluation"
"""Folder of results, and of what measuring keeps beside a dataset."""

MAY_CHANGE = (
    "training.steps",
    "training.log_every",
    "training.preview_every",
    "training.checkpoint_every",
    "training.keep_checkpoints",
    "training.calibrate_sounds",
)
"""Keys that a resumed run may change: none of them alters what a step computes."""


def read_kind(path: Path, kind: str, schema: int, *, max_bytes: int = 1 << 20) -> dict[str, Any]:
    """A JSON document that says of itself what it is.

    Args:
        path: The file.
        kind: What its ``kind`` has to be.
        schema: The newest version that is understood.
        max_bytes: Larger files are refused unread.

    Raises:
        ArtefactError: Missing, damaged, of another kind, or written by a newer soundgan.
    """
    document = read_json(path, max_bytes=max_bytes)
    if not isinstance(document, dict) or document.get("kind") != kind:
        raise ArtefactError(f"{path}: not a {kind}, or damaged")
    stated = document.get("schema")
    if not isinstance(stated, int) or isinstance(stated, bool) or stated < 1:
        raise ArtefactError(f"{path}: damaged: schema {str(stated)[:40]!r}")
    if stated > schema:
        raise ArtefactError(
            f"{path}: written by a newer soundgan (schema {stated}, this one reads {schema}); "
            "update soundgan"
        )
    return document


def read_run_record(run: Path) -> dict[str, Any]:
    """The ``run.json`` of a run folder.

    Raises:
        ArtefactError: Missing, damaged, or written by a newer soundgan.
    """
    return read_kind(run / RUN_RECORD, RUN_KIND, RUN_SCHEMA)


def demand_prepared(data: Path) -> None:
    """Refuse a folder that ``soundgan prepare`` did not make.

    Raises:
        UsageError: There is no dataset.
    """
    if not (data / MANIFEST).is_file():
        raise UsageError(
            f"{data}: no prepared folder; make one with soundgan prepare SRC, or name another "
            "with `data`"
        )
