from __future__ import annotations

import os
from pathlib import Path

import pytest

from soundgan.errors import OutputError, UsageError
from soundgan.pipelines.evaluate.request import find_target, refuse_unwritable


def make_run(folder: Path, *, model: bool = True) -> Path:
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    if model:
        (folder / "model.safetensors").write_bytes(b"")
    return folder


def test_the_newest_run_is_meant_when_nothing_is_named(tmp_path: Path) -> None:
    make_run(tmp_path / "old")
    new = make_run(tmp_path / "new")
    os.utime(tmp_path / "old" / "model.safetensors", (1, 1))
    target = find_target(None, tmp_path)
    assert (target.kind, target.path) == ("model", new / "model.safetensors")
    assert target.out == new


def test_results_go_into_the_run_and_beside_a_model_that_has_none(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run")
    assert find_target(run, tmp_path).out == run
    assert find_target(run / "model.safetensors", tmp_path).out == run
    lone = tmp_path / "drums.safetensors"
    lone.write_bytes(b"")
    assert find_target(lone, tmp_path).out == tmp_path / "evaluation"


def test_a_folder_without_a_model_is_one_of_sounds(tmp_path: Path) -> None:
    (tmp_path / "sounds").mkdir()
    target = find_target(tmp_path / "sounds", tmp_path)
    assert (target.kind, target.out) == ("folder", Path("evaluation"))


def test_a_bundled_model_is_known_by_its_name_and_its_folder_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = tmp_path / "bundled"
    bundled.mkdir()
    (bundled / "drums.safetensors").write_bytes(b"")
    monkeypatch.setattr("soundgan.pipelines.find_model.bundled_folder", lambda: bundled)
    monkeypatch.setattr("soundgan.pipelines.evaluate.request.bundled_folder", lambda: bundled)
    target = find_target(Path("drums"), tmp_path)
    assert (target.path, target.out) == (bundled / "drums.safetensors", Path("evaluation"))


def test_what_is_not_there_or_not_trained_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere: not there; name a run, a model file or"):
        find_target(tmp_path / "nowhere", tmp_path)
    with pytest.raises(UsageError, match="this run has no model yet"):
        find_target(make_run(tmp_path / "young", model=False), tmp_path)
    with pytest.raises(UsageError, match=r"no model in .*; train one with soundgan train, or name"):
        find_target(None, tmp_path)


def test_a_place_where_nothing_can_be_written_is_refused_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="is a file; choose another `out`"):
        refuse_unwritable(tmp_path / "file" / "out")
    refuse_unwritable(tmp_path / "new" / "deep")
    assert not (tmp_path / "new").exists()
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(OutputError, match="is read-only; choose another `out`"):
        refuse_unwritable(tmp_path / "new")
