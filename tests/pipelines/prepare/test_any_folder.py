"""Whatever lies in a folder: every file has its verdict, and what is a sound is used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from soundgan.data.dataset import PreparedDataset
from soundgan.errors import ExitCode
from tests.pipelines.prepare.conftest import Prepare, tree
from tests.pipelines.prepare.folders import LOST, NO_AUDIO, SOUND, Folder

USED = {"kept", "padded", "trimmed"}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "folder")


def fate(entry: dict[str, object]) -> str:
    """In the words of the corpus."""
    if entry["clips"]:
        return SOUND
    named = str(entry["path"]).endswith((".txt", ".md", ".jpg"))
    return NO_AUDIO if entry["verdict"] == "not audio" and named else LOST


def test_every_file_of_any_folder_has_its_verdict(
    folder: Folder, tmp_path: Path, prepare: Prepare
) -> None:
    result = prepare(folder.root, tmp_path / "out", unlabelled=True)
    report = json.loads((tmp_path / "out" / "report.json").read_bytes())
    fates = {entry["path"]: fate(entry) for entry in report["files"]}
    reasons = {e["path"]: f"{e['verdict']}: {e['reason']}" for e in report["files"]}
    wrong = {p: reasons.get(p) for p, f in folder.expected.items() if fates.get(p) != f}
    assert not wrong
    assert fates.keys() == folder.expected.keys()
    assert result.exit_code == ExitCode.PARTIAL
    sounds = sum(becomes == SOUND for becomes in folder.expected.values())
    assert len(PreparedDataset.open(tmp_path / "out")) == sounds
    lost = [e for e in report["files"] if folder.expected[e["path"]] == LOST]
    assert all(entry["reason"] or entry["verdict"] in ("silent", "clipped") for entry in lost)


@pytest.mark.slow
def test_any_folder_gives_the_same_bytes_with_real_workers(
    folder: Folder, tmp_path: Path, prepare: Prepare
) -> None:
    prepare(folder.root, tmp_path / "one", jobs=1, unlabelled=True)
    prepare(folder.root, tmp_path / "many", jobs=3, unlabelled=True)
    assert tree(tmp_path / "one") == tree(tmp_path / "many")
