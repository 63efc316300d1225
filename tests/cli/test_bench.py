from __future__ import annotations

import json
from pathlib import Path

import pytest

from soundgan.pipelines.bench import rows, run
from soundgan.runtime.ceilings import Rates
from tests.conftest import Run
from tests.inference.conftest import write_model
from tests.pipelines.bench.conftest import ONCE


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("bench") / "model.safetensors")


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything once, the ceilings known, the smallest preset trained."""
    monkeypatch.setattr(run, "QUICK", ONCE)
    monkeypatch.setattr(rows, "measure_rates", lambda device, dtype: Rates(1e11, 1e10))
    monkeypatch.setattr("soundgan.pipelines.bench.request.TRAINING_PRESET", "tiny")


@pytest.mark.usefixtures("at_once")
def test_a_result_is_shown_saved_and_set_against_another(
    model: Path, soundgan: Run, tmp_path: Path
) -> None:
    saved = tmp_path / "a.json"
    common = ["bench", "--quick", "--device", "cpu", "--model", model, "--batch-sizes", "1,2"]
    first = soundgan(*common, "--save", saved, "--json")
    assert first.code == 0
    document = json.loads(first.stdout)
    assert (document["schema"], document["command"], document["quick"]) == (1, "bench", True)
    assert document == json.loads(saved.read_text())
    (row,) = document["rows"]
    assert (row["device"], row["precision"], row["failure"]) == ("cpu", "float32", "")
    assert [batch["size"] for batch in row["sounds"]["batches"]] == [1, 2]
    assert row["training"]["preset"] == "tiny"
    assert document["machine"]["threads"] >= 1
    assert document["versions"]["torch"].startswith("2.")

    second = soundgan(*common, "--compare", saved, "--save", saved)
    assert second.code == 0
    assert second.stderr.startswith(f"model {model}\n")
    assert f"times as fast as {saved}\n" in second.stdout
    assert "comparison" not in json.loads(saved.read_text())
    assert json.loads(saved.read_text()) != document


@pytest.mark.usefixtures("at_once")
def test_a_preset_is_measured_untrained_and_its_own_training_timed(
    soundgan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = soundgan("bench", "--quick", "--device", "cpu", "--model", "tiny")
    assert outcome.code == 0
    assert outcome.stderr.startswith("preset tiny, untrained: its sounds are noise")
    assert outcome.stdout.startswith("tiny (preset, untrained): sounds of 1.00 s")
    assert "training of the preset tiny, 200 steps" in outcome.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("at_once")
def test_a_device_that_fails_is_a_row_beside_those_that_work(
    model: Path, soundgan: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "available_devices", lambda: ("cpu", "meta"))
    outcome = soundgan("bench", "--quick", "--device", "all", "--model", model)
    assert outcome.code == 3
    assert "\nmeta float32  FAILED" in outcome.stdout
    assert "\nmeta float32: not trusted: it fails: " in outcome.stdout
    monkeypatch.setattr(run, "available_devices", lambda: ("meta",))
    alone = soundgan("bench", "--quick", "--device", "all", "--model", model)
    assert alone.code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--device", "gpu"], "--device gpu: write auto, "),
        (["--device", "cuda:99"], "--device cuda:99: not present; choose from cpu"),
        (["--batch-sizes", "1,x"], "--batch-sizes 1,x: give up to 16 numbers from 1 to 4096"),
        (["--model", "nothing"], "--model nothing: no model there; "),
        (["--compare", "none.json"], "--compare none.json: no such file; give what"),
    ],
)
def test_a_wrong_option_is_one_line(
    arguments: list[str], message: str, model: Path, soundgan: Run
) -> None:
    outcome = soundgan("bench", "--model", model, *arguments)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(f"error: {message}")
    assert outcome.stderr.count("\n") == 1


def test_nothing_is_measured_when_a_file_is_of_another_kind(
    model: Path, soundgan: Run, tmp_path: Path
) -> None:
    other = tmp_path / "evaluation.json"
    other.write_text('{"schema": 1, "command": "evaluate"}')
    outcome = soundgan("bench", "--model", model, "--compare", other)
    assert outcome.code == 12
    assert outcome.stderr == (
        f"error: {other}: not a result of soundgan bench; give what it saved with --save\n"
    )
    kept = model.read_bytes()
    outcome = soundgan("bench", "--model", model, "--save", model)
    assert outcome.code == 1
    assert "exists and is not a result of soundgan bench; choose another place" in outcome.stderr
    assert model.read_bytes() == kept
    assert soundgan("bench", "--model", other).code == 12


@pytest.mark.slow
def test_a_quick_run_of_the_bundled_model_measures_everything(
    soundgan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = soundgan(
        "bench", "--quick", "--device", "cpu", "--save", "result.json", "--batch-sizes", "1,2"
    )
    assert outcome.code == 0
    assert outcome.stderr.startswith("no run in runs/, so this is the bundled model drums\n")
    assert max(map(len, outcome.stdout.splitlines())) <= 80
    (row,) = json.loads(Path("result.json").read_text())["rows"]
    assert 1e9 < row["rates"]["flops_per_s"] < 1e14
    shares = [batch["generator_limit_share"] for batch in row["sounds"]["batches"]]
    assert shares
    assert all(0 < share < 1.5 for share in shares)  # both sides of the quotient are measured
    assert row["training"]["preset"] == "fast"
    assert 60 < row["training"]["total_seconds"] < 10**7
    assert list(tmp_path.iterdir()) == [tmp_path / "result.json"]
