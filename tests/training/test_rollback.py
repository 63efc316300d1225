from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from soundgan.health.history import Course, History, Rollback
from soundgan.reporting import SilentReporter
from soundgan.training import checkpoint as checkpoint_module
from soundgan.training import monitor as monitor_module
from soundgan.training.batches import Batches
from soundgan.training.checkpoint import (
    CheckpointFolder,
    checkpoint_files,
    newest_checkpoint,
    read_checkpoint,
    save_checkpoint,
)
from soundgan.training.loop import Numbers, fit
from soundgan.training.recorder import Recorder
from soundgan.training.rollback import drop_abandoned, find_target, go_back
from soundgan.training.state import BestAverage, TrainState
from tests.training.conftest import Tones, fresh
from tests.training.runs import Training, different, small_config
from tests.training.test_planted import poison

Saved = list[tuple[int, bool, float | None]]


class Killed(BaseException):
    """The process is gone."""


def folder(path: Path) -> CheckpointFolder:
    return CheckpointFolder(path, "data")


def saved(folder: Path, checkpoints: Saved) -> TrainState:
    """A run of 400 steps at step 200 with checkpoints (step, sound, kernel distance)."""
    state = fresh(small_config())
    for step, sound, distance in checkpoints:
        state.step = step
        state.history.kernel_distance = distance
        state.history.troubles["mode-collapse"] = Course(since=None if sound else step)
        save_checkpoint(folder, state, "data", keep=10)
    state.step = 200
    return state


@pytest.mark.parametrize(
    ("checkpoints", "ring", "expected"),
    [
        # The newest sound one that is 20 steps old or older: a twentieth of the run.
        ([(100, True, None), (180, True, None), (200, True, None)], 4, 180),
        ([(100, True, None), (180, False, None)], 4, 100),
        # The one with the smallest kernel distance, where that was measured.
        ([(80, True, 0.02), (120, True, 0.01), (160, True, 0.03)], 4, 120),
        ([(80, True, 0.02), (120, False, 0.01), (160, True, None)], 4, 80),
        # A young one rather than none.
        ([(190, True, None)], 4, None),  # not saved at one of the usual steps
        ([(100, False, None), (180, False, None)], 4, None),
        # Only as many as an uninterrupted run would still have.
        ([(20, True, None), (40, False, None), (60, False, None)], 2, None),
        ([], 4, None),
    ],
)
def test_the_checkpoint_to_go_back_to(
    checkpoints: Saved, ring: int, expected: int | None, tmp_path: Path
) -> None:
    state = saved(tmp_path, checkpoints)
    target = find_target(folder(tmp_path), state, ring=ring, any_will_do=False)
    assert (target.step if target else None) == expected


def _everything(state: TrainState) -> dict[str, list[float]]:
    networks = (state.generator, state.discriminator, state.ema)
    tensors = [tensor for network in networks for tensor in network.state_dict().values()]
    for optimizer in (state.generator_optimizer, state.discriminator_optimizer):
        for moments in optimizer.state_dict()["state"].values():
            tensors += moments.values()
    return {str(place): tensor.flatten().tolist() for place, tensor in enumerate(tensors)}


def test_a_young_sound_checkpoint_is_better_than_none(tmp_path: Path) -> None:
    state = saved(tmp_path, [(160, False, None), (180, True, None)])
    state.step = 190
    target = find_target(folder(tmp_path), state, ring=4, any_will_do=False)
    assert target is not None
    assert target.step == 180


def test_numbers_that_are_not_finite_go_back_to_any_checkpoint(tmp_path: Path) -> None:
    state = saved(tmp_path, [(100, False, None), (160, False, None)])
    target = find_target(folder(tmp_path), state, ring=4, any_will_do=True)
    assert target is not None
    assert target.step == 160


def test_a_damaged_checkpoint_is_passed_over(tmp_path: Path) -> None:
    state = saved(tmp_path, [(100, True, None), (160, True, None)])
    newest = checkpoint_files(tmp_path)[0]
    newest.write_bytes(newest.read_bytes()[:-1])
    target = find_target(folder(tmp_path), state, ring=4, any_will_do=False)
    assert target is not None
    assert target.step == 100


def test_a_later_attempt_is_newer_whatever_its_step(tmp_path: Path) -> None:
    state = saved(tmp_path, [(100, True, None), (160, True, None)])
    state.step, state.controls.attempt = 120, 1
    save_checkpoint(tmp_path, state, "data", keep=10)
    newest = newest_checkpoint(tmp_path, SilentReporter())
    assert newest is not None
    assert newest.step == 120
    assert newest.document["controls"]["attempt"] == 1


def test_the_best_average_so_far_survives_the_way_back(tmp_path: Path) -> None:
    state = saved(tmp_path, [(100, True, None)])
    state.best = BestAverage(180, 0.01, state.ema.state_dict())
    target = find_target(folder(tmp_path), state, ring=4, any_will_do=False)
    assert target is not None
    go_back(state, target)
    assert state.step == 100
    assert state.best is not None
    assert state.best.step == 180


def test_a_run_that_starts_over_repeats_itself_to_the_bit(tmp_path: Path, batches: Batches) -> None:
    state = fresh(small_config())
    save_checkpoint(tmp_path, state, "data", keep=10)
    fit(state, batches, [], until=3)
    first = _everything(state)
    target = find_target(folder(tmp_path), state, ring=4, any_will_do=False)
    assert target is not None
    go_back(state, target)  # nothing of Adam's moments may be left either
    fit(state, batches, [], until=3)
    assert _everything(state) == first


@pytest.mark.parametrize(("step", "expected"), [(99, 0), (101, None)])
def test_a_run_may_start_over_in_its_first_quarter(
    step: int, expected: int | None, tmp_path: Path
) -> None:
    state = saved(tmp_path, [(0, False, None), (80, False, None)])
    state.step = step
    target = find_target(folder(tmp_path), state, ring=4, any_will_do=False)
    assert (target.step if target else None) == expected


def test_the_checkpoint_of_step_0_goes_when_the_run_is_no_longer_young(tmp_path: Path) -> None:
    saved(tmp_path, [(0, True, None), *[(step, True, None) for step in range(20, 101, 20)]])
    assert (tmp_path / "step-000000000.safetensors").exists()
    saved(tmp_path, [(120, True, None)])
    assert not (tmp_path / "step-000000000.safetensors").exists()


def test_only_what_lies_behind_a_rollback_is_abandoned(tmp_path: Path) -> None:
    state = saved(tmp_path, [(80, True, None), (100, True, None), (160, True, None)])
    state.step, state.controls.attempt = 100, 1
    save_checkpoint(tmp_path, state, "data", keep=10)
    drop_abandoned(folder(tmp_path), History(rollbacks=[Rollback(at=200, to=100)]))
    assert [path.stem for path in checkpoint_files(tmp_path)] == [
        "step-000000100-attempt1",
        "step-000000080",
    ]


def test_a_stop_between_the_usual_steps_takes_no_checkpoint_from_the_ring(tmp_path: Path) -> None:
    state = saved(tmp_path, [(20, True, None), (40, True, None), (60, True, None)])
    for step in (61, 62, 63, 64):
        state.step = step
        save_checkpoint(tmp_path, state, "data", keep=3)
    assert sorted(read_checkpoint(path).step for path in checkpoint_files(tmp_path)) == [
        20, 40, 60, 62, 63, 64,
    ]  # fmt: skip


class KilledAt(Recorder):
    """Ends the process after a step."""

    def __init__(self, step: int) -> None:
        self.step = step

    def stepped(self, state: TrainState, numbers: Numbers) -> None:
        if state.step == self.step:
            raise Killed


Arrange = Callable[[Training, pytest.MonkeyPatch], list[Recorder]]


def kill_at(step: int) -> Arrange:
    return lambda training, monkeypatch: [KilledAt(step)]


def kill_in(module: object, name: str, *, when: Callable[[Training], bool]) -> Arrange:
    def arrange(training: Training, monkeypatch: pytest.MonkeyPatch) -> list[Recorder]:
        real = getattr(module, name)

        def dying(*arguments: object, **options: object) -> object:
            if when(training):
                raise Killed
            return real(*arguments, **options)

        monkeypatch.setattr(module, name, dying)
        return []

    return arrange


def going_back(training: Training) -> bool:
    return training.state.controls.attempt == 1


KILLS = {
    "before the trouble": kill_at(41),
    "before the first checkpoint of the new attempt": kill_at(35),
    "after it": kill_at(55),
    "while the new checkpoint is written": kill_in(
        checkpoint_module, "save_tensors", when=going_back
    ),
    "before its record is written": kill_in(checkpoint_module, "write_json", when=going_back),
    "before the abandoned ones are removed": kill_in(
        monitor_module, "drop_abandoned", when=going_back
    ),
}


@pytest.fixture(scope="module")
def straight(tones: Tones, tmp_path_factory: pytest.TempPathFactory) -> Training:
    with pytest.MonkeyPatch.context() as patch:
        broken(patch)
        training = Training(small_config(), tmp_path_factory.mktemp("straight"), tones)
        training.until(70)
    assert training.state.controls.attempt == 1
    return training


def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """NaN once at step 13, and from step 43 on until the run goes back."""
    poison(
        monkeypatch,
        lambda state: state.step == 12 or (state.step >= 42 and state.controls.attempt == 0),
    )


@pytest.mark.parametrize("kill", KILLS.values(), ids=KILLS.keys())
def test_a_run_killed_around_a_rollback_ends_as_if_it_had_not_been(
    kill: Arrange,
    straight: Training,
    tones: Tones,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken(monkeypatch)
    with pytest.MonkeyPatch.context() as patch:
        first = Training(small_config(), tmp_path, tones)
        killers = kill(first, patch)
        with pytest.raises(Killed):
            first.until(70, *killers)
    second = Training(small_config(), tmp_path, tones)
    second.until(70)
    same(second, straight)


@pytest.mark.parametrize("stop", [42, 44, 51])
def test_a_run_stopped_around_a_rollback_ends_as_if_it_had_not_been(
    stop: int, straight: Training, tones: Tones, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    Training(small_config(), tmp_path, tones).until(stop)
    second = Training(small_config(), tmp_path, tones)
    second.until(70)
    same(second, straight)


def same(one: Training, other: Training) -> None:
    assert different(one.state, other.state) == []
    assert one.state.controls == other.state.controls
    assert one.state.history.to_dict() == other.state.history.to_dict()
    events = [(run.folder / "events.jsonl").read_text() for run in (one, other)]
    assert events[0] == events[1]
    assert events[0].count("\n") == 3  # an update left out, the way back, the verdict
    newest = [checkpoint_files(run.checkpoints)[0].read_bytes() for run in (one, other)]
    assert newest[0] == newest[1]
