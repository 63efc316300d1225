"""Speed and time of a session, by a clock that the test moves."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest

from soundgan.config.load import load_config
from soundgan.config.schema import Config
from soundgan.training.pace import Pace


@dataclass
class Clock:
    now: float = 1000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("soundgan.training.pace.time.monotonic", lambda: made.now)
    return made


@pytest.fixture
def tiny() -> Config:
    return load_config("tiny", ["training.batch_size=8"]).config


def test_speed_is_measured_from_the_end_of_the_warm_up(clock: Clock, tiny: Config) -> None:
    pace = Pace(tiny, first_step=100, max_minutes=None)
    clock.now += 50.0  # two slow steps
    assert pace.seconds_per_step(101) is None
    assert pace.seconds_per_step(102) is None
    assert pace.images_per_second(102) == 0.0
    clock.now += 6.0
    assert pace.seconds_per_step(105) == pytest.approx(2.0)
    assert pace.images_per_second(105) == pytest.approx(4.0)
    assert pace.time_left(105, 115) == pytest.approx(20.0)


def test_quick_steps_can_be_relied_on_after_ten_and_slow_ones_at_once(
    clock: Clock, tiny: Config
) -> None:
    pace = Pace(tiny, first_step=0, max_minutes=None)
    pace.seconds_per_step(2)
    clock.now += 0.5
    assert pace.steady_seconds_per_step(9) is None
    assert pace.steady_seconds_per_step(10) == pytest.approx(0.5 / 8)
    clock.now += 9.5
    assert pace.steady_seconds_per_step(9) == pytest.approx(10.0 / 7)


def test_a_limit_counts_from_when_the_command_began(clock: Clock, tiny: Config) -> None:
    assert Pace(tiny, first_step=0, max_minutes=None).seconds_left() == math.inf
    pace = Pace(tiny, first_step=0, max_minutes=1.0, began=clock.now - 10.0)
    assert pace.seconds_left() == pytest.approx(50.0)
    clock.now += 49.0
    assert not pace.time_is_up()
    pace.seconds_per_step(2)
    clock.now += 0.5
    assert pace.time_left(3, 1000) == pytest.approx(0.5)  # the limit comes first
    clock.now += 0.5
    assert pace.time_is_up()


def test_a_run_that_went_back_is_measured_anew(clock: Clock, tiny: Config) -> None:
    pace = Pace(tiny, first_step=0, max_minutes=None)
    pace.seconds_per_step(2)
    clock.now += 4.0
    assert pace.seconds_per_step(4) == pytest.approx(2.0)
    pace.rewind(3)
    assert pace.seconds_per_step(4) is None


def test_the_line_holds_the_speed_and_the_numbers_that_are_there(
    clock: Clock, tiny: Config
) -> None:
    pace = Pace(tiny, first_step=0, max_minutes=None)
    pace.seconds_per_step(2)
    metrics = {"generator/loss": 0.123456, "discriminator/loss": 2.0, "other": 1.0}
    assert pace.note(2, metrics) == "D 2  G 0.123"
    clock.now += 2.0
    assert pace.note(4, metrics) == "8.0 images/s  D 2  G 0.123"
