from __future__ import annotations

import json
import math

import pytest

from soundgan.health.signals import Signals, SignalsRecord

NORM = "generator/gradient_norm"


def fed(*values: float, name: str = NORM) -> Signals:
    signals = Signals()
    for step, value in enumerate(values, start=1):
        signals.add(step, {name: value})
    return signals


def test_the_first_values_are_plainly_averaged() -> None:
    assert fed(1.0, 2.0, 6.0).slow(NORM) == pytest.approx(3.0)
    assert fed(1.0, 2.0, 6.0).fast(NORM) == pytest.approx(3.0)


def test_an_average_forgets_at_its_horizon() -> None:
    signals = fed(*[1.0] * 500, *[0.0] * 200)
    assert signals.slow(NORM) == pytest.approx((1 - 1 / 200) ** 200)
    assert signals.fast(NORM) == pytest.approx((1 - 1 / 50) ** 200)


def test_a_step_after_a_pause_weighs_as_many_as_passed() -> None:
    signals = fed(*[1.0] * 500)
    signals.add(520, {NORM: 0.0})
    assert signals.fast(NORM) == pytest.approx(1 - 20 / 50)


def test_numbers_that_are_not_finite_or_not_reported_leave_no_trace() -> None:
    signals = fed(1.0, math.nan, math.inf, 3.0)
    assert signals.slow(NORM) == pytest.approx(2.0)
    assert signals.slow("discriminator/loss") is None


def test_what_is_usual_is_the_upper_decile_once_there_are_enough() -> None:
    assert fed(*[1.0] * 99).usual(NORM) is None
    assert fed(*[1.0] * 150, *[5.0] * 19).usual(NORM) == 5.0
    assert fed(*[1.0] * 150, *[5.0] * 16).usual(NORM) == 1.0
    assert fed(*[5.0] * 150, *[1.0] * 181).usual(NORM) == 1.0  # of the last 200


def test_what_is_usual_does_not_fall_at_once_to_nothing() -> None:
    # A fifth of the mean of what was usual, which was 1 for 680 of 800 steps.
    assert fed(*[1.0] * 500, *[0.0] * 300).usual(NORM) == pytest.approx(0.17, abs=0.002)


def test_a_spike_does_not_change_what_is_usual() -> None:
    assert fed(*[1.0] * 300, *[1e9] * 19).usual(NORM) == 1.0


def test_recorded_signals_go_on_bit_for_bit() -> None:
    values = [math.exp(math.sin(step)) for step in range(700)]
    whole, half = fed(*values), fed(*values[:333])
    stored = json.loads(json.dumps(half.record().model_dump(mode="json")))
    after = Signals.of(SignalsRecord.model_validate(stored))
    for step, value in enumerate(values[333:], start=334):
        after.add(step, {NORM: value})
    assert after.record() == whole.record()
