from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from soundgan.config.presets import find_config
from soundgan.pipelines.bench import training
from soundgan.pipelines.bench.training import measure_training
from soundgan.training.loop import train_step
from tests.pipelines.bench.conftest import ONCE

CPU = torch.device("cpu")


def test_steps_of_the_preset_are_timed_after_a_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, ...]] = []

    def watched(state, batches):  # type: ignore[no-untyped-def]
        seen.append(tuple(batches.at(state.step).x.shape))
        return train_step(state, batches)

    monkeypatch.setattr(training, "train_step", watched)
    found = measure_training(
        find_config("tiny"), CPU, torch.float32, replace(ONCE, training_steps=2)
    )
    assert seen == [(16, 1, 32, 32)] * (training.WARM_UP + 2)
    assert (found.preset, found.steps, found.batch_size) == ("tiny", 200, 16)
    assert found.step is not None
    assert found.step.n == 2
    assert found.seconds_per_step == found.step.median_s


def test_a_step_that_would_take_too_long_is_reckoned(monkeypatch: pytest.MonkeyPatch) -> None:
    def reckon(flops: int, device: torch.device) -> float:
        assert flops > 10**6
        return 100.0

    monkeypatch.setattr(training, "expected_seconds_per_step", reckon)
    found = measure_training(find_config("tiny"), CPU, torch.float32, ONCE)
    assert (found.step, found.seconds_per_step) == (None, 100.0)
