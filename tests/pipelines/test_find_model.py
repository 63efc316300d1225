"""Which model a command means, among runs, files and bundled names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from soundgan.errors import UsageError
from soundgan.pipelines.find_model import bundled_models, find_model, is_run, run_models


def place(path: Path, hours: int = 0) -> Path:
    """A file that was written so many hours after an afternoon."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (1_700_000_000 + 3600 * hours,) * 2)
    return path


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Three runs, the newest neither first nor last by name, and one without a model."""
    for name, hours in (("a", 1), ("b", 3), ("c", 2)):
        place(tmp_path / "runs" / name / "model.safetensors", hours)
    place(tmp_path / "runs" / "d" / "run.json", 4)
    return tmp_path / "runs"


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    for name in ("drums", "birds"):
        place(tmp_path / "bundled" / f"{name}.safetensors", 9)
    return tmp_path / "bundled"


def test_runs_come_newest_first_by_when_their_model_was_written(runs: Path) -> None:
    assert [path.parent.name for path in run_models(runs)] == ["b", "c", "a"]
    place(runs / "a" / "model.safetensors", 5)
    assert [path.parent.name for path in run_models(runs)] == ["a", "b", "c"]


def test_of_models_of_one_moment_the_last_by_name_comes_first(runs: Path) -> None:
    for name in "abc":
        place(runs / name / "model.safetensors")
    assert [path.parent.name for path in run_models(runs)] == ["c", "b", "a"]


def test_without_a_name_the_newest_run_is_meant_even_where_models_are_bundled(
    runs: Path, bundled: Path
) -> None:
    newest = runs / "b" / "model.safetensors"
    assert find_model(None, runs, fall_back=True, bundled=bundled) == newest
    assert find_model(None, runs, bundled=bundled) == newest


def test_without_runs_the_first_bundled_model_is_meant_where_that_will_do(
    tmp_path: Path, bundled: Path
) -> None:
    nowhere = tmp_path / "nowhere"
    assert (
        find_model(None, nowhere, fall_back=True, bundled=bundled)
        == bundled_models(bundled)["birds"]
    )
    with pytest.raises(UsageError, match=r"^no model in .*nowhere/; train one"):
        find_model(None, nowhere, bundled=bundled)


def test_a_run_that_has_no_model_yet_is_not_passed_over_for_a_bundled_one(
    tmp_path: Path, bundled: Path
) -> None:
    begun = place(tmp_path / "runs" / "begun" / "run.json").parent
    assert is_run(begun)
    with pytest.raises(UsageError, match="no model in"):
        find_model(None, begun.parent, fall_back=True, bundled=bundled)


def test_a_run_or_a_file_wins_over_the_bundled_model_of_its_name(
    tmp_path: Path, bundled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    drums, shipped = Path("drums"), bundled / "drums.safetensors"
    assert find_model(drums, Path("runs"), bundled=bundled) == shipped
    place(drums / "kick.wav")  # a folder of sounds is no run
    assert find_model(drums, Path("runs"), bundled=bundled) == shipped
    place(drums / "run.json")
    with pytest.raises(UsageError, match=r"^drums: no model there; .*: birds, drums$"):
        find_model(drums, Path("runs"), bundled=bundled)
    own = place(drums / "model.safetensors")
    assert find_model(drums, Path("runs"), bundled=bundled) == own
    assert find_model(own, Path("runs"), bundled=bundled) == own
