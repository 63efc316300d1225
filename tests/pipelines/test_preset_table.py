"""Presets side by side: what a step costs, how many fit, what prepare measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from soundgan.config.load import load_config
from soundgan.pipelines import preset_table
from soundgan.pipelines.preset_table import PresetRow, preset_lines, preset_rows
from soundgan.pipelines.task import Task, open_task
from soundgan.training.estimate import step_flops
from soundgan.training.state import new_state
from tests.datasets import write_dataset


@pytest.fixture(autouse=True)
def calibrating(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calibrating takes seven seconds."""
    monkeypatch.setattr(preset_table, "calibration_seconds", lambda task: 7.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_dataset(tmp_path / "prepared", n_clips=12)


def task_of(folder: Path) -> Task:
    return open_task(load_config("fast"), folder)


def test_a_step_costs_what_it_costs_in_training(folder: Path) -> None:
    task = task_of(folder)
    fast, base = preset_rows(task, 1e-11)
    assert (fast.preset, base.preset) == ("fast", "base")
    assert fast.image == (128, 64)
    assert fast.flops_per_step == step_flops(new_state(task.assembly, device=torch.device("cpu")))
    assert fast.steps == task.config.training.steps
    assert fast.total_seconds == pytest.approx(fast.steps * fast.flops_per_step * 1e-11 + 7.0)


def test_given_minutes_hold_the_steps_that_a_training_makes_of_them(folder: Path) -> None:
    for row in preset_rows(task_of(folder), 1e-11, max_minutes=5):
        seconds = row.flops_per_step * 1e-11
        assert row.steps == min(40_000, int(0.85 * 293 / seconds))  # calibrating takes seven
        assert row.total_seconds == pytest.approx(row.steps * seconds + 7.0)


def test_copies_are_those_that_prepare_measured(folder: Path) -> None:
    ceiling = {
        "preset": "fast",
        "median_db": -12.5,
        "attacks_kept": 0.75,
        "other_presets": [{"preset": "base", "median_db": -15.0}],
    }
    (folder / "report.json").write_text(json.dumps({"ceiling": ceiling}))
    fast, base = preset_rows(task_of(folder), 1e-11)
    assert (fast.median_db, fast.attacks_kept) == (-12.5, 0.75)
    assert (base.median_db, base.attacks_kept) == (-15.0, None)  # of an earlier version


@pytest.mark.parametrize("text", ["", "[]", '{"ceiling": null}', '{"ceiling": {"preset": 1}}', "{"])
def test_without_a_report_that_says_so_nothing_is_known_of_copies(folder: Path, text: str) -> None:
    (folder / "report.json").write_text(text)
    for row in preset_rows(task_of(folder), 1e-11):
        assert (row.median_db, row.attacks_kept) == (None, None)


def test_the_table_fits_80_columns_and_marks_the_preset() -> None:
    rows = (
        PresetRow("oneshots", (384, 1024), 123_400_000_000, 100_000, 86_400.0, -112.34, 1.0),
        PresetRow("fast", (128, 64), 5_700_000_000, 40_000, 2_820.0, None, None),
    )
    _, title, head, first, second = preset_lines(rows, "fast")
    assert all(len(line) <= 80 for line in (title, head, first, second))
    assert first.split()[:4] == ["oneshots", "384", "x", "1024"]
    assert second.split()[:6] == [">", "fast", "128", "x", "64", "-"]
