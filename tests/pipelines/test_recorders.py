from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from soundgan.config.load import load_config
from soundgan.health.events import Event
from soundgan.pipelines import recorders
from soundgan.pipelines.model_recorder import ModelFile
from soundgan.pipelines.recorders import Looks, Teller
from soundgan.pipelines.session import Session
from soundgan.pipelines.task import open_task
from soundgan.pipelines.train_request import TrainRequest
from soundgan.runtime.signals import SignalStop, StopRequest
from soundgan.training.encoded import CPU
from tests.datasets import write_dataset
from tests.listeners import Listener

TINY = ["training.steps=2", "training.batch_size=4", "training.calibrate_sounds=0"]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A run before its first step."""
    loaded = load_config("tiny", TINY)
    request = TrainRequest(loaded, write_dataset(tmp_path / "prepared"), tmp_path / "run")
    assert isinstance(request.data, Path)
    return Session(request, open_task(loaded, request.data), CPU, Listener())


class Taker(Listener):
    """Keeps progress too."""

    def __init__(self) -> None:
        super().__init__()
        self.bars: list[tuple[str, int, int]] = []

    def progress(
        self, task: str, done: int, total: int, note: str = "", left: float | None = None
    ) -> None:
        self.bars.append((task, done, total))


def teller(session: Session, listener: Listener, *, max_minutes: float | None = None) -> Teller:
    request = replace(session.request, max_minutes=max_minutes)
    return Teller(request, session.task, listener, session.pace, until=2)


def test_incidents_are_warnings_recoveries_are_said_and_the_verdict_is_left_to_the_result(
    session: Session,
) -> None:
    listener = Taker()
    told = teller(session, listener)
    for kind in ("incident", "skipped", "recovery", "verdict"):
        told.happened(Event(7, 0, kind, "not-finite", f"{kind} it is"))
    assert listener.warned == ["step 7: incident it is", "step 7: skipped it is"]
    assert listener.said == ["step 7: recovery it is"]


def test_the_way_back_is_said_and_steps_move_the_bar(session: Session) -> None:
    listener = Taker()
    told = teller(session, listener)
    for step in (0, 1):
        session.state.step = step
        told.rolled_back(session.state)
        told.stepped(session.state, {})
    assert listener.said == ["starting over", "back at step 1"]
    assert listener.bars == [("training", 0, 2), ("training", 1, 2)]


def test_the_speed_is_measured_anew_after_the_way_back(session: Session) -> None:
    told, pace = teller(session, Listener()), session.pace
    assert pace.seconds_per_step(2) is None
    assert pace.seconds_per_step(4) is not None
    session.state.step = 1
    told.rolled_back(session.state)
    assert pace.seconds_per_step(4) is None


@pytest.mark.parametrize(("minutes", "warnings"), [(None, 1), (5.0, 0)])
def test_a_long_run_is_warned_of_once_and_not_where_a_limit_is_set(
    minutes: float | None, warnings: int, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorders, "expected_seconds_per_step", lambda *_: 1e6)
    monkeypatch.setattr(recorders, "long_run_advice", lambda *_: "this takes long")
    listener = Taker()
    told = teller(session, listener, max_minutes=minutes)
    told.begun(session.state)
    told.begun(session.state)
    assert listener.warned == ["this takes long"] * warnings


def test_a_signal_ends_the_timing_that_a_warning_needs(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, listener = SignalStop(lambda: None), Listener()

    def timing(*_: object) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        pytest.fail("went on after the signal")

    monkeypatch.setattr(recorders, "long_run_advice", timing)
    session.request = replace(session.request, stop=stop)
    told = teller(session, listener)
    with stop.listening():
        told.begun(session.state)
        told.begun(session.state)  # says nothing more
    assert stop
    assert (listener.said, listener.warned) == (["stopping after this step; once more to quit"], [])


class Written:
    """Stands in for a preview."""

    def __init__(self) -> None:
        self.levels: list[object] = []

    def write(self, state: object, levels: object = None) -> Path:
        self.levels.append(levels)
        return Path("preview.png")


@pytest.mark.parametrize(
    ("given_up", "asked", "previews"), [(False, False, 1), (True, False, 0), (False, True, 0)]
)
def test_a_finished_run_leaves_curves_and_a_preview_of_a_calibrated_product(
    given_up: bool, asked: bool, previews: int, session: Session
) -> None:
    model: ModelFile = session.model
    model.given_up = given_up
    preview, run = Written(), session.request.run
    run.mkdir()
    looks = Looks(run, preview, model, Listener(), StopRequest(lambda: asked))  # type: ignore[arg-type]
    looks.finished(session.state)
    assert len(preview.levels) == previews
    assert (run / "curves.png").is_file() == (not asked)


def test_who_is_asked_to_stop_begins_no_preview_and_says_so(session: Session) -> None:
    preview, listener = Written(), Listener()
    stop = StopRequest(lambda: True)
    looks = Looks(session.request.run, preview, session.model, listener, stop)  # type: ignore[arg-type]
    looks.preview_due(session.state)
    assert preview.levels == []
    assert listener.said == ["stopping without a preview; once more to quit"]
