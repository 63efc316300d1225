from __future__ import annotations

from pathlib import Path

import pytest
import torch

from soundgan.errors import TrainingDivergedError
from soundgan.health.history import Course
from soundgan.training.batches import Batches
from soundgan.training.checkpoint import CheckpointFolder
from soundgan.training.loop import fit
from soundgan.training.snapshot import restore
from soundgan.training.states import Age, States, superfluous
from tests.training.conftest import fresh
from tests.training.in_memory import StatesInMemory
from tests.training.runs import different, small_config

CONFIG = small_config()
"""400 steps, a checkpoint every 20."""


@pytest.mark.parametrize(
    ("ages", "saved", "keep", "expected"),
    [
        ([(0, 60), (0, 40), (0, 20)], (0, 60), 2, [(0, 20)]),
        # One between the usual steps takes no place of theirs.
        ([(0, 61), (0, 60), (0, 40), (0, 20)], (0, 61), 2, [(0, 20)]),
        # A later attempt is newer at any step.
        ([(1, 20), (0, 60), (0, 40)], (1, 20), 2, [(0, 40)]),
        # What is newer than the last one that was saved is damaged.
        ([(0, 80), (0, 60), (0, 40)], (0, 60), 2, [(0, 80)]),
        # Step 0 takes no place, and goes when the run has done a quarter.
        ([(0, 100), (0, 80), (0, 0)], (0, 100), 2, []),
        ([(0, 101), (0, 80), (0, 0)], (0, 101), 2, [(0, 0)]),
    ],
)
def test_what_is_let_go_of(ages: list[Age], saved: Age, keep: int, expected: list[Age]) -> None:
    assert superfluous(ages, saved, keep=keep, training=CONFIG.training) == expected


def test_the_same_states_are_kept_in_memory_and_on_disk(tmp_path: Path) -> None:
    stores: list[States] = [StatesInMemory(), CheckpointFolder(tmp_path, "data")]
    state = fresh(CONFIG)
    for step in (0, 20, 40, 47, 60, 80, 100, 120):
        state.step = step
        state.history.kernel_distance = step / 1000
        state.history.troubles["mode-collapse"] = Course(since=step if step == 60 else None)
        for store in stores:
            store.put(state, keep=3)
    found = stores[0].kept()
    assert found == stores[1].kept()
    assert [kept.age for kept in found] == [(0, 120), (0, 100), (0, 80)]
    for store in stores:
        store.drop(found[:1])
        assert store.kept() == found[1:]


def test_a_state_in_memory_stays_as_it_was_whatever_is_made_of_it(batches: Batches) -> None:
    states, state, expected = StatesInMemory(), fresh(CONFIG), fresh(CONFIG)
    for each in (state, expected):
        fit(each, batches, [], until=2)
    states.put(state, keep=1)
    for _ in range(2):
        fit(state, batches, [], until=4)
        restore(state, states.read(states.kept()[0]))
        assert state.step == 2
        assert different(state, expected) == []


def test_nothing_that_is_not_finite_is_kept() -> None:
    states, state = StatesInMemory(), fresh(CONFIG)
    with torch.no_grad():
        next(state.generator.parameters()).fill_(torch.nan)
    with pytest.raises(TrainingDivergedError, match="weights not finite at step 0: generator"):
        states.put(state, keep=1)
    assert states.kept() == []
