from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from soundgan.evaluation.quantities import ATTACK, CREST
from soundgan.evaluation.spread import Spread, wasserstein

RNG = np.random.default_rng(0)
NONE = np.full(400, -1)
CLASSES = np.arange(400) % 2


def test_the_way_between_two_samples_is_that_of_scipy() -> None:
    for sizes in ((1, 1), (5, 9), (100, 37)):
        first, second = (RNG.normal(size=size).round(1) for size in sizes)
        assert wasserstein(first, second) == pytest.approx(wasserstein_distance(first, second))


def test_a_shift_of_half_a_deviation_is_half() -> None:
    values = RNG.normal(20.0, 4.0, 400)
    gap = Spread.of(CREST, values, NONE).compare((values, NONE), (values + 2.0, NONE))
    assert gap is not None
    assert gap.distance == pytest.approx(0.5, rel=0.1)
    assert gap.shift == pytest.approx(gap.distance)
    assert gap.difference == pytest.approx(2.0)


def test_times_are_compared_by_ratio_and_told_in_their_unit() -> None:
    values = np.exp(RNG.normal(np.log(10.0), 1.0, 400))
    gap = Spread.of(ATTACK, values, NONE).compare((values, NONE), (2.0 * values, NONE))
    assert gap is not None
    assert gap.distance == pytest.approx(np.log(2.0), rel=0.15)
    assert gap.difference == pytest.approx(np.median(values), rel=0.02)


def test_a_fault_that_a_mixture_of_classes_hides_shows_class_by_class() -> None:
    values = RNG.normal(0.0, 1.0, 400) + 20.0 * CLASSES
    spread = Spread.of(CREST, values, CLASSES)
    known = spread.compare((values, CLASSES), (values + 1.0, CLASSES))
    mixed = spread.compare((values, NONE), (values + 1.0, NONE))
    assert known is not None
    assert mixed is not None
    assert known.distance == pytest.approx(1.0, rel=0.15)
    assert mixed.distance < 0.15


def test_how_often_each_class_occurs_does_not_show() -> None:
    values = RNG.normal(0.0, 1.0, 400) + 20.0 * CLASSES
    kept = np.flatnonzero((CLASSES == 0) | (np.arange(400) % 8 == 1))
    spread = Spread.of(CREST, values, CLASSES)
    gap = spread.compare((values, CLASSES), (values[kept], CLASSES[kept]))
    assert gap is not None
    assert gap.distance < 0.15


def test_what_hardly_varies_is_not_blown_up() -> None:
    values = np.full(400, 6.0)
    gap = Spread.of(CREST, values, NONE).compare((values, NONE), (values + CREST.least, NONE))
    assert gap is not None
    assert gap.distance == pytest.approx(1.0)


def test_silent_sounds_are_left_out_and_nothing_but_silence_is_no_distance() -> None:
    values = RNG.normal(0.0, 1.0, 400)
    some, none = values.copy(), np.full(400, np.nan)
    some[::2] = np.nan
    spread = Spread.of(CREST, some, NONE)
    gap = spread.compare((values, NONE), (some, NONE))
    assert gap is not None
    assert gap.distance < 0.2
    assert spread.compare((values, NONE), (none, NONE)) is None
    assert Spread.of(CREST, none, NONE).deviation == CREST.least
