from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from soundgan.errors import UsageError
from soundgan.pipelines.remembered import PREPARED, config_of, data_of, place_of
from soundgan.runtime.files import sha256_file, write_json
from tests.listeners import Listener

RUN = Path("runs/mine")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a dataset, and a run that was trained on it."""
    folder = tmp_path / "project"
    for data in ("digits", "prepared"):
        (folder / data).mkdir(parents=True)
        (folder / data / "manifest.json").write_text(f'"{data}"')
    run = folder / "runs" / "mine"
    run.mkdir(parents=True)
    (run / "config.toml").write_text("")
    monkeypatch.chdir(folder)
    record(RUN, Path("digits"))
    return folder


def record(run: Path, data: Path) -> None:
    document = {"schema": 1, "kind": "soundgan run", "data": place_of(data, run)}
    write_json(run / "run.json", document | {"dataset": sha256_file(data / "manifest.json")})


def test_a_run_remembers_its_dataset_and_nothing_is_said_of_it(here: Path) -> None:
    listener = Listener()
    assert data_of(RUN, None, listener) == Path("digits")
    assert data_of(here / RUN, None, listener) == Path("digits")
    assert listener.said + listener.warned == []


def test_what_is_named_goes_first(here: Path) -> None:
    assert data_of(RUN, Path("elsewhere"), Listener()) == Path("elsewhere")


@pytest.mark.parametrize("run", [None, Path("runs/new"), Path("digits")])
def test_without_a_run_the_dataset_is_the_one_that_prepare_makes(
    run: Path | None, here: Path
) -> None:
    assert data_of(run, None, Listener()) == PREPARED
    assert config_of(run) is None


def test_the_place_stays_as_it_was_first_named(here: Path) -> None:
    assert place_of(Path("digits"), RUN) == "../../digits"
    assert place_of(here / "digits", RUN) == "../../digits"
    assert place_of(here / "prepared", RUN) == str(here / "prepared")
    record(RUN, here / "prepared")
    assert place_of(Path("prepared"), RUN) == str(here / "prepared")
    assert data_of(RUN, None, Listener()) == PREPARED


def test_a_run_of_an_earlier_version_remembers_nothing(here: Path) -> None:
    path = RUN / "run.json"
    old = {key: value for key, value in json.loads(path.read_text()).items() if key != "data"}
    path.write_text(json.dumps(old))
    assert data_of(RUN, None, Listener()) == PREPARED


def test_run_and_dataset_can_move_together(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    moved = here.rename(tmp_path / "moved")
    assert data_of(moved / RUN, None, Listener()) == Path("moved/digits")
    monkeypatch.chdir(moved / "runs")
    assert data_of(Path("mine"), None, Listener()) == moved.resolve() / "digits"


def test_a_dataset_that_moved_to_the_usual_place_is_found_and_told(here: Path) -> None:
    shutil.rmtree("prepared")
    Path("digits").rename("prepared")
    listener = Listener()
    assert data_of(RUN, None, listener) == PREPARED
    assert listener.said == ["runs/mine: its dataset was at digits and is at prepared now"]


def test_a_dataset_that_is_gone_is_asked_for_with_the_option(here: Path) -> None:
    shutil.rmtree("digits")
    with pytest.raises(UsageError, match=r"runs/mine: its dataset is no longer at digits; name"):
        data_of(RUN, None, Listener())


def test_a_dataset_that_was_prepared_anew_is_told(here: Path) -> None:
    Path("digits/manifest.json").write_text('"other"')
    listener = Listener()
    assert data_of(RUN, None, listener) == Path("digits")
    assert len(listener.warned) == 1
    assert listener.warned[0].startswith("digits: prepared anew since runs/mine was trained on it")


def test_a_run_remembers_its_config(here: Path) -> None:
    assert config_of(RUN) == "runs/mine/config.toml"
