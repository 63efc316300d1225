"""An evaluation beside an earlier one, number by number, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from soundgan.errors import ArtefactError, UsageError
from soundgan.pipelines.evaluate.numbers import keys_of, significant, value_at
from soundgan.pipelines.evaluate.reference import called
from soundgan.runtime.files import read_json, sha256_file

COMMAND = "evaluate"
SCHEMA = 2
READ = (1, 2)
"""Those of before had one view, and extractors whose numbers mean something else."""
MAX_BYTES = 1 << 21


def read_evaluation(path: Path) -> dict[str, Any]:
    """An ``evaluation.json``.

    Raises:
        UsageError: There is no such file.
        ArtefactError: Damaged, or something else.
    """
    if not path.is_file():
        raise UsageError(f"`compare={path}`: no such file; give the evaluation.json of another run")
    document: dict[str, Any] = read_json(path, max_bytes=MAX_BYTES)
    kind = document.get("command") if isinstance(document, dict) else None
    if kind != COMMAND or not isinstance(document.get("schema"), int):
        raise ArtefactError(f"{path}: not an evaluation of soundgan")
    if document["schema"] not in READ:
        raise ArtefactError(
            f"{path}: evaluation schema {document['schema']}, this program reads {SCHEMA}; "
            "evaluate again"
        )
    parts = ("reference", "counts", "extractors", "rows", "candidate")
    if not all(isinstance(document.get(part), dict) for part in parts):
        raise ArtefactError(f"{path}: damaged: a part is missing")
    if not isinstance(document["rows"].get("candidate"), dict):
        raise ArtefactError(f"{path}: damaged: a row is missing")
    return document


def refuse_other_reference(
    path: Path, other: dict[str, Any], reference: dict[str, Any], extractors: dict[str, Any]
) -> None:
    """Make sure that both were measured against the same sounds, by the same extractors.

    Raises:
        UsageError: They were not.
    """
    if other["reference"] != reference:
        raise UsageError(
            f"`compare={path}`: measured against other recordings (dataset "
            f"{str(other['reference'].get('dataset'))[:12]}, this is {reference['dataset'][:12]}); "
            "evaluate both with the same `data`"
        )
    if _hashes(other["extractors"]) != _hashes(extractors):
        raise UsageError(
            f"`compare={path}`: measured with other feature extractors, whose numbers mean "
            "something else; evaluate the other one again"
        )


def compare(
    path: Path, other: dict[str, Any], counts: dict[str, int], row: dict[str, Any]
) -> dict[str, Any]:
    """The comparison as it stands in the report: this, the other, and their quotient.

    Raises:
        UsageError: They were measured on different numbers of clips.
    """
    if other["counts"] != counts:
        named = sorted(counts.keys() | other["counts"].keys())
        differ = [name for name in named if counts.get(name) != other["counts"].get(name)]
        name = differ[0]
        raise UsageError(
            f"`compare={path}`: measured with {other['counts'].get(name)} clips "
            f"({called(name)}), this with {counts.get(name)}; use the same -n for both"
        )
    theirs = other["rows"]["candidate"]
    lines = {}
    for key in keys_of(row):
        this, that = value_at(row, key), value_at(theirs, key)
        if this is not None and that is not None:
            lines[key] = {"this": this, "other": that, "ratio": _ratio(this, that)}
    return {"evaluation": sha256_file(path), "candidate": other["candidate"], "numbers": lines}


def _ratio(this: float, other: float) -> float | None:
    """The quotient, where both are above 0; a kernel distance can lie below."""
    return significant(this / other) if this > 0 and other > 0 else None


def _hashes(extractors: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.get("hash") if isinstance(value, dict) else None
        for name, value in extractors.items()
    }
