"""JSON documents that say what they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from soundgan.errors import ArtefactError, UsageError
from soundgan.pipelines.documents import demand_prepared, read_kind, read_run_record


def written(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document))
    return path


def test_a_document_of_its_kind_is_read_whole(tmp_path: Path) -> None:
    document = {"kind": "soundgan run", "schema": 1, "more": [1, 2]}
    written(tmp_path / "run.json", document)
    assert read_run_record(tmp_path) == document
    assert read_kind(tmp_path / "run.json", "soundgan run", 3) == document  # an earlier one too


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "not a soundgan run, or damaged"),
        ({"schema": 1}, "not a soundgan run, or damaged"),
        ({"kind": "soundgan dataset", "schema": 1}, "not a soundgan run, or damaged"),
        ({"kind": "soundgan run"}, "damaged: schema 'None'"),
        ({"kind": "soundgan run", "schema": True}, "damaged: schema 'True'"),
        ({"kind": "soundgan run", "schema": 0}, "damaged: schema '0'"),
        ({"kind": "soundgan run", "schema": 2}, r"newer soundgan \(schema 2, this one reads 1\)"),
    ],
)
def test_anything_else_is_refused(document: object, message: str, tmp_path: Path) -> None:
    written(tmp_path / "run.json", document)
    with pytest.raises(ArtefactError, match=message):
        read_run_record(tmp_path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", {"kind": "k", "schema": 1, "x": "y" * 100})
    size = path.stat().st_size
    assert read_kind(path, "k", 1, max_bytes=size)["x"] == "y" * 100
    with pytest.raises(ArtefactError):
        read_kind(path, "k", 1, max_bytes=size - 1)


def test_a_folder_without_a_manifest_is_not_prepared(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no prepared folder; make one with soundgan prepare"):
        demand_prepared(tmp_path)
    (tmp_path / "manifest.json").touch()
    demand_prepared(tmp_path)
