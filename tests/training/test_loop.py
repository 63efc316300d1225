from __future__ import annotations

import pytest
import torch

from soundgan.errors import TrainingDivergedError
from soundgan.training.batches import Batches
from soundgan.training.loop import Every, fit
from soundgan.training.state import TrainState


def test_hooks_are_called_as_often_as_they_should(state: TrainState, batches: Batches) -> None:
    calls: dict[int, list[int]] = {1: [], 3: []}

    def noting(n: int) -> Every:
        return Every(n, lambda state, _: calls[n].append(state.step))

    fit(state, batches, [noting(n) for n in calls], until=7)
    assert calls == {1: [1, 2, 3, 4, 5, 6, 7], 3: [3, 6]}


def test_a_hook_may_be_called_early_at_doublings_until_its_turn_comes() -> None:
    def due(n: int, first: int) -> list[int]:
        return [step for step in range(1, 41) if Every(n, print, first).is_due(step)]

    assert due(20, 2) == [2, 4, 8, 16, 20, 40]
    assert due(20, 3) == [3, 6, 12, 20, 40]
    assert due(16, 4) == [4, 8, 16, 32]
    assert due(20, 0) == due(20, 64) == [20, 40]


def test_a_request_to_stop_is_heard_after_the_step(state: TrainState, batches: Batches) -> None:
    fit(state, batches, [], until=7, should_stop=lambda: state.step == 2)
    assert state.step == 2


@pytest.mark.parametrize("network", ["generator", "discriminator"])
def test_a_weight_that_is_not_finite_ends_the_run_at_its_step(
    network: str, state: TrainState, batches: Batches
) -> None:
    fit(state, batches, [], until=2)
    with torch.no_grad():
        next(getattr(state, network).parameters()).fill_(torch.nan)
    with pytest.raises(TrainingDivergedError, match=r"not finite at step 3: .*nothing of it"):
        fit(state, batches, [], until=7)
