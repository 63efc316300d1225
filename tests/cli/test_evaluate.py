from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from soundgan.evaluation.classifier import train_classifier
from soundgan.pipelines.remembered import place_of
from soundgan.runtime.files import sha256_file
from soundgan.spelling import with_options
from tests.conftest import Run
from tests.datasets import write_dataset
from tests.inference.conftest import write_model

LABELS = ("low", "mid", "high")


@pytest.fixture(scope="module", autouse=True)
def quick_classifier() -> Iterator[None]:
    quick = partial(train_classifier, epochs=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("soundgan.pipelines.evaluate.extractors.train_classifier", quick)
        yield


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "prepared", n_clips=120)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("model") / "tones.safetensors", labels=LABELS)


def test_the_newest_run_is_evaluated_into_its_own_folder(
    prepared: Path, model: Path, soundgan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "runs" / "mine"
    run.mkdir(parents=True)
    shutil.copy(model, run / "model.safetensors")
    document = {"schema": 1, "kind": "soundgan run", "data": place_of(prepared, run)}
    digest = sha256_file(prepared / "manifest.json")
    (run / "run.json").write_text(json.dumps(document | {"dataset": digest}))
    outcome = soundgan("evaluate", "-n", 12, "--device", "cpu")
    assert outcome.code == 0
    assert outcome.stdout.startswith("12 sounds, 96 training clips, 12 test clips as reference\n")
    assert outcome.stdout.endswith("page: runs/mine/evaluation.html\n")
    assert max(map(len, outcome.stdout.splitlines())) <= 80
    assert {path.name for path in run.iterdir()} == {
        "evaluation.html", "evaluation.json", "model.safetensors", "run.json",
    }  # fmt: skip


def test_json_is_the_report_and_where_it_lies(
    prepared: Path, model: Path, soundgan: Run, tmp_path: Path
) -> None:
    outcome = soundgan(
        "evaluate", model, "--data", prepared, "-n", 12, "--out", tmp_path, "--json", "-q"
    )
    assert (outcome.code, outcome.stderr) == (0, "")
    document = json.loads(outcome.stdout)
    assert document.pop("report") == str(tmp_path / "evaluation.json")
    assert document.pop("page") == str(tmp_path / "evaluation.html")
    written = json.loads((tmp_path / "evaluation.json").read_text())
    said = written["verdict"].pop("sentences")
    assert document["verdict"].pop("sentences") == [with_options(line) for line in said]
    assert any(
        "larger --test and --validation of soundgan prepare" in with_options(line) for line in said
    )
    assert "`" not in outcome.stdout
    assert document == written
    assert (document["schema"], document["command"]) == (2, "evaluate")


def test_two_evaluations_are_set_side_by_side_or_refused(
    prepared: Path, model: Path, soundgan: Run, tmp_path: Path
) -> None:
    common = ["evaluate", model, "--data", prepared]
    soundgan(*common, "-n", 12, "--out", tmp_path / "a")
    other = tmp_path / "a" / "evaluation.json"
    same = soundgan(*common, "-n", 12, "--seed", 100, "--out", tmp_path / "b", "--compare", other)
    assert same.code == 0
    assert "this / other" in same.stdout
    refused = soundgan(*common, "-n", 13, "--out", tmp_path / "c", "--compare", other)
    assert refused.code == 2
    assert "measured with 12 clips (candidate), this with 13; use the same -n" in refused.stderr
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-n", "9"], "greater than or equal to 10"),
        (["--truncation", "nan"], "--truncation"),
        (["--device", "gpu"], "write auto, cpu, cuda, cuda:0 or mps"),
        (["--compare", "nothing.json"], "--compare nothing.json: no such file"),
    ],
)
def test_a_wrong_option_is_one_line_and_writes_nothing(
    arguments: list[str], message: str, prepared: Path, model: Path, soundgan: Run, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    outcome = soundgan("evaluate", model, "--data", prepared, "--out", out, *arguments)
    assert outcome.code == 2
    assert message in " ".join(outcome.stderr.replace("│", " ").split())
    assert outcome.stdout == ""
    assert not out.exists()


def test_what_is_not_there_has_its_own_exit_code(
    prepared: Path, model: Path, soundgan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    nothing = soundgan("evaluate", "--data", prepared)
    assert nothing.code == 2
    assert nothing.stderr.startswith("error: no model in runs/; train one with soundgan train")
    assert soundgan("evaluate", model, "--data", tmp_path / "no").code == 12
    (tmp_path / "empty").mkdir()
    empty = soundgan("evaluate", tmp_path / "empty", "--data", prepared)
    assert empty.code == 4
    broken = tmp_path / "model.safetensors"
    broken.write_bytes(model.read_bytes()[:-100])
    assert soundgan("evaluate", broken, "--data", prepared).code == 12
    few = write_dataset(tmp_path / "few", n_clips=30)
    outcome = soundgan("evaluate", model, "--data", few)
    assert outcome.code == 2
    assert "3 test clips, at least 10 are needed" in outcome.stderr
