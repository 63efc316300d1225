from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from soundgan.runtime.files import sha256_file
from soundgan.training import loop
from soundgan.training.batches import Batch
from soundgan.training.state import TrainState
from soundgan.training.step import Metrics, generator_update
from tests.cli.test_train import command
from tests.conftest import Run
from tests.datasets import write_dataset

pytestmark = pytest.mark.usefixtures("plain_curves")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "prepared")


@pytest.fixture
def troubled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers that are not finite from step 6 on, until the run goes back."""

    def poisoned(state: TrainState, batch: Batch) -> Metrics:
        metrics = generator_update(state, batch)
        if state.step >= 5 and state.controls.attempt == 0:
            metrics["generator/loss"] = metrics["generator/loss"] * math.nan
        return metrics

    monkeypatch.setattr(loop, "generator_update", poisoned)


def test_a_healthy_run_says_so(data: Path, soundgan: Run, tmp_path: Path) -> None:
    outcome = soundgan(*command(data, tmp_path, "--json"))
    assert json.loads(outcome.stdout)["health"] == {
        "healthy": True,
        "verdict": "healthy: no trouble in 6 steps",
    }
    assert json.loads((tmp_path / "events.jsonl").read_text())["event"] == "verdict"


@pytest.mark.usefixtures("troubled")
def test_a_run_that_went_back_tells_why_and_how_it_ended(
    data: Path, soundgan: Run, tmp_path: Path
) -> None:
    steps = ("--set", "training.steps=10")
    outcome = soundgan(*command(data, tmp_path, *steps))
    assert outcome.code == 0
    assert "warning: step 8: numbers are not finite 3 steps in a row" in outcome.stderr
    assert "remedy: go back to a good checkpoint" in outcome.stderr
    assert "back at step 4" in outcome.stderr
    assert "10 of 10 steps" in outcome.stdout
    assert "health: healthy again: numbers were not finite from step 8" in outcome.stdout
    lines = (tmp_path / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(line)["step"] for line in lines] == list(range(1, 11))


@pytest.mark.slow
@pytest.mark.usefixtures("troubled")
def test_a_run_stopped_and_resumed_around_its_way_back_leaves_the_same_files(
    data: Path, soundgan: Run, tmp_path: Path
) -> None:
    steps = ("--set", "training.steps=10")
    straight, stopped = tmp_path / "straight", tmp_path / "stopped"
    soundgan(*command(data, straight, *steps))
    for until in (7, 6, 9, 10):
        soundgan(*command(data, stopped, *steps, "--max-steps", until))
    newest = "checkpoints/step-000000010-attempt1.safetensors"
    for name in ("model.safetensors", "metrics.jsonl", "events.jsonl", newest):
        assert sha256_file(stopped / name) == sha256_file(straight / name), name


@pytest.mark.usefixtures("troubled")
def test_without_remedies_the_first_such_number_ends_the_run(
    data: Path, soundgan: Run, tmp_path: Path
) -> None:
    outcome = soundgan(*command(data, tmp_path, "-q", "--no-remedies"))
    assert outcome.code == 1
    assert "not finite at step 6" in outcome.stderr
