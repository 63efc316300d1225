"""Metrics handed to TensorBoard, where it is installed."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from soundgan.training.state import TrainState
from soundgan.training.tensorboard import TensorBoard

NAME = "torch.utils.tensorboard"


class Writer:
    """Stands in for torch's, and writes down what it is asked to do."""

    made: list[Writer]

    def __init__(self, folder: str, purge_step: int | None) -> None:
        self.folder, self.purge_step = folder, purge_step
        self.points: list[tuple[str, float, int]] = []
        self.closed = False
        Writer.made.append(self)

    def add_scalar(self, name: str, value: float, step: int) -> None:
        self.points.append((name, value, step))

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def writers(monkeypatch: pytest.MonkeyPatch) -> list[Writer]:
    module: Any = ModuleType(NAME)
    module.SummaryWriter = Writer
    Writer.made = []
    monkeypatch.setitem(sys.modules, NAME, module)
    return Writer.made


def test_every_number_is_a_point_of_its_curve(writers: list[Writer], tmp_path: Path) -> None:
    board = TensorBoard(tmp_path, step=0)
    board.write(10, {"a": 1.0, "b": 2.0})
    board.write(20, {"a": 3.0})
    board.close()
    [writer] = writers
    assert (writer.folder, writer.purge_step, writer.closed) == (str(tmp_path), None, True)
    assert writer.points == [("a", 1.0, 10), ("b", 2.0, 10), ("a", 3.0, 20)]


def test_points_beyond_where_a_run_goes_on_are_hidden(
    writers: list[Writer], tmp_path: Path
) -> None:
    board = TensorBoard(tmp_path, step=30)
    board.rewind(20)
    assert [(writer.purge_step, writer.closed) for writer in writers] == [(30, True), (20, False)]


def test_without_tensorboard_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, NAME, None)
    board = TensorBoard(tmp_path, step=0)
    board.write(1, {"a": 1.0})
    board.close()
    assert list(tmp_path.iterdir()) == []


def test_what_a_run_tells_becomes_points_and_hides_them_when_it_goes_back(
    writers: list[Writer], state: TrainState, tmp_path: Path
) -> None:
    board = TensorBoard(tmp_path, step=0)
    state.step = 20
    board.logged(state, {"generator/loss": 0.5})
    board.measured(20, {"evaluation/kernel_distance": 0.25})
    state.step = 10
    board.rolled_back(state)
    assert writers[0].points == [
        ("generator/loss", 0.5, 20),
        ("evaluation/kernel_distance", 0.25, 20),
    ]
    assert writers[1].purge_step == 10
