from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from soundgan.errors import UsageError
from soundgan.pipelines.bench.request import find_subject, parse_batch_sizes
from soundgan.pipelines.find_model import bundled_models


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for runs, in a working directory that is otherwise empty."""
    monkeypatch.chdir(tmp_path)
    return Path("runs")


def add_run(runs: Path, name: str) -> Path:
    run = runs / name
    run.mkdir(parents=True)
    (run / "run.json").write_text("{}")
    shutil.copy(bundled_models()["drums"], run / "model.safetensors")
    return run


def test_without_a_name_the_newest_run_is_measured_and_else_a_bundled_model(runs: Path) -> None:
    subject = find_subject(None, runs)
    assert (subject.kind, subject.name, subject.preset) == ("bundled", "drums", "fast")
    run = add_run(runs, "mine")
    subject = find_subject(None, runs)
    assert (subject.kind, subject.name, subject.preset) == ("run", "runs/mine", "fast")
    assert subject.path == run / "model.safetensors"


def test_a_preset_is_its_untrained_networks_and_is_trained_too(runs: Path) -> None:
    for name in ("base", "base.toml"):
        subject = find_subject(Path(name), runs)
        assert (subject.kind, subject.name, subject.preset) == ("preset", "base", "base")
        assert subject.path.name == "base.toml"


def test_a_model_wins_over_a_preset_of_its_name(runs: Path, tmp_path: Path) -> None:
    bundled = find_subject(Path("drums"), runs)
    assert (bundled.kind, bundled.preset) == ("bundled", "drums")
    assert find_subject(Path("drums.toml"), runs).kind == "preset"
    shutil.copy(bundled_models()["drums"], tmp_path / "base")
    assert find_subject(Path("base"), runs).kind == "file"


def test_what_is_neither_is_refused_with_all_that_there_is(runs: Path) -> None:
    with pytest.raises(UsageError, match=r"^`model` nothing: no model there; .*drums, or a preset"):
        find_subject(Path("nothing"), runs)


@pytest.mark.parametrize(
    ("text", "sizes"), [("8", (8,)), ("32,1, 8", (1, 8, 32)), ("4,4", (4,)), ("4096", (4096,))]
)
def test_batch_sizes_are_ascending_and_each_once(text: str, sizes: tuple[int, ...]) -> None:
    assert parse_batch_sizes(text) == sizes


@pytest.mark.parametrize(
    "text",
    ["", ",", "1,", "0", "-1", "4097", "1.5", "1;2", "one", "١", "9" * 5000, "1," * 16 + "1"],
)
def test_other_batch_sizes_are_refused_in_one_line(text: str) -> None:
    with pytest.raises(
        UsageError, match=r"^`batch_sizes=[^`]{0,60}`: give up to 16 numbers"
    ) as info:
        parse_batch_sizes(text)
    assert len(str(info.value)) < 200
