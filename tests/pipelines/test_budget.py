from __future__ import annotations

import time
from pathlib import Path

import pytest
import torch

from soundgan.config.load import load_config
from soundgan.pipelines import budget
from soundgan.pipelines.budget import (
    calibration_seconds,
    fitted_to_budget,
    seconds_for_steps,
    steps_within,
)
from soundgan.pipelines.task import Task, open_task
from soundgan.pipelines.train_request import TrainRequest
from soundgan.reporting import SilentReporter
from tests.datasets import write_dataset
from tests.listeners import Listener

CPU = torch.device("cpu")
SMALL = (
    "training.batch_size=4",
    "training.calibrate_sounds=64",
    "generator.options.width=4",
    "discriminator.options.width=4",
    "inversion.options.iterations=2",
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "prepared")


def made(data: Path, run: Path, *texts: str, minutes: float | None) -> tuple[Task, TrainRequest]:
    loaded = load_config("tiny", [*SMALL, *texts])
    return open_task(loaded, data), TrainRequest(loaded, data, run, max_minutes=minutes)


@pytest.fixture
def slow_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step takes two seconds, and calibrating ten."""
    monkeypatch.setattr(budget, "timed_step", lambda state: 2.0)
    monkeypatch.setattr(budget, "calibration_seconds", lambda task: 10.0)


def test_steps_fill_most_of_the_time_and_are_never_more_than_the_config_asks_for(
    data: Path, tmp_path: Path
) -> None:
    task, _ = made(data, tmp_path / "run", minutes=None)
    assert steps_within(task, 200.0, 2.0) == 85
    assert steps_within(task, 1e9, 2.0) == task.config.training.steps == 200
    assert steps_within(task, -5.0, 2.0) == 1


@pytest.mark.usefixtures("slow_steps")
def test_a_new_run_gets_the_steps_that_fit_and_says_so(data: Path, tmp_path: Path) -> None:
    task, request = made(data, tmp_path / "run", minutes=3.5)
    listener = Listener()
    shaped = fitted_to_budget(task, request, CPU, listener)
    steps = shaped.config.training.steps
    assert 80 <= steps <= 85  # 0.85 of the 200 seconds that calibrating leaves, less this moment
    assert listener.said == [
        f"3.5 minutes are {steps} steps of 2.00 s here, instead of the 200 in tiny.toml; "
        "learning rates fall to this new end"
    ]
    assert task.config.training.steps == 200


def test_calibrating_may_take_a_third_of_the_time_and_is_left_for_later_beyond() -> None:
    assert seconds_for_steps(90.0, 0.0) == 90.0
    assert seconds_for_steps(90.0, 30.0) == 60.0
    assert seconds_for_steps(90.0, 31.0) == 90.0
    assert seconds_for_steps(90.0, 500.0) == 90.0


@pytest.mark.usefixtures("slow_steps")
def test_one_minute_is_told_as_one(data: Path, tmp_path: Path) -> None:
    task, request = made(data, tmp_path / "run", minutes=1.0)
    listener = Listener()
    fitted_to_budget(task, request, CPU, listener)
    assert listener.said[0].startswith("1 minute is 2")


@pytest.mark.usefixtures("slow_steps")
def test_time_already_spent_counts(data: Path, tmp_path: Path) -> None:
    loaded = load_config("tiny", SMALL)
    began = time.monotonic() - 100
    request = TrainRequest(loaded, data, tmp_path, max_minutes=3.5, began=began)
    shaped = fitted_to_budget(open_task(loaded, data), request, CPU, SilentReporter())
    assert 37 <= shaped.config.training.steps <= 42


@pytest.mark.usefixtures("slow_steps")
def test_nothing_changes_without_a_budget_or_with_steps_of_ones_own(
    data: Path, tmp_path: Path
) -> None:
    for texts, minutes in (((), None), (("training.steps=150",), 1.0)):
        task, request = made(data, tmp_path / "run", *texts, minutes=minutes)
        assert fitted_to_budget(task, request, CPU, SilentReporter()) is task


def test_a_run_keeps_the_end_that_it_was_given(data: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "config.toml").write_text('extends = "tiny"\n[training]\nsteps = 77\n')
    task, request = made(data, run, minutes=0.5)
    assert fitted_to_budget(task, request, CPU, SilentReporter()).config.training.steps == 77


def test_calibrating_takes_no_time_where_it_is_not_asked_for(data: Path, tmp_path: Path) -> None:
    assert calibration_seconds(made(data, tmp_path, minutes=None)[0]) > 0
    off = made(data, tmp_path, "training.calibrate_sounds=0", minutes=None)[0]
    assert calibration_seconds(off) == 0


@pytest.mark.usefixtures("slow_steps")
def test_minutes_of_a_config_are_its_length_whatever_its_steps(data: Path, tmp_path: Path) -> None:
    listener = Listener()
    for minutes, low, high in ((3.5, 80, 85), (70.5, 1788, 1793)):
        task, request = made(data, tmp_path / "run", f"training.minutes={minutes}", minutes=None)
        shaped = fitted_to_budget(task, request, CPU, listener)
        assert low <= shaped.config.training.steps <= high
        assert shaped.config.training.minutes == minutes
    assert "instead of the 200 in tiny.toml" in listener.said[1]


@pytest.mark.usefixtures("slow_steps")
def test_a_limit_shortens_the_minutes_of_a_config_and_never_lengthens_them(
    data: Path, tmp_path: Path
) -> None:
    for limit, low, high in ((1.0, 19, 22), (60.0, 80, 85)):
        task, request = made(data, tmp_path / "run", "training.minutes=3.5", minutes=limit)
        shaped = fitted_to_budget(task, request, CPU, SilentReporter())
        assert low <= shaped.config.training.steps <= high


def test_a_run_of_so_many_minutes_goes_on_to_the_steps_that_it_was_given(
    data: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "config.toml").write_text('extends = "tiny"\n[training]\nsteps = 77\nminutes = 0.5\n')
    task, request = made(data, run, "training.minutes=0.5", minutes=None)
    assert fitted_to_budget(task, request, CPU, SilentReporter()).config.training.steps == 77
