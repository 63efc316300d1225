from __future__ import annotations

import pytest

from soundgan.config.load import load_config
from soundgan.config.schema import TrainingConfig
from soundgan.training.schedule import generator_waits, progress, rate_share


def training(**changes: float) -> TrainingConfig:
    base = load_config("tiny").config.training.model_copy(update={"steps": 1000, **changes})
    return TrainingConfig.model_validate(base.model_dump())


def test_rates_are_constant_unless_asked_otherwise() -> None:
    assert {rate_share(training(), step) for step in range(0, 1001, 100)} == {1.0}


def test_rates_rise_then_fall_on_half_a_cosine() -> None:
    config = training(warm_up_share=0.1, final_rate_share=0.2)
    shares = [rate_share(config, step) for step in range(1001)]
    assert shares[0] == pytest.approx(1 / 101)
    assert max(shares) == shares[100] == 1.0
    assert shares[550] == pytest.approx(0.6)
    assert shares[1000] == pytest.approx(0.2)
    assert shares[:101] == sorted(shares[:101])
    assert shares[100:] == sorted(shares[100:], reverse=True)


def test_progress_ends_at_one_for_a_prolonged_run() -> None:
    assert [progress(training(), step) for step in (0, 500, 1000, 2000)] == [0.0, 0.5, 1.0, 1.0]


def test_a_generator_waits_for_a_share_of_the_run() -> None:
    assert not generator_waits(training(), 0)
    config = training(generator_waits_share=0.05)
    assert [step for step in range(1000) if generator_waits(config, step)] == list(range(50))
