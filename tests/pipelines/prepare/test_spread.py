"""Quartiles of a measurement."""

from __future__ import annotations

from soundgan.pipelines.prepare.spread import Spread


def test_a_quarter_is_closer_and_a_quarter_further() -> None:
    # Of 5 numbers the quartiles are the second and the fourth.
    spread = Spread.of([-30.0, -10.0, -20.0, -50.0, -40.0], [0.0, 1.0, -1.0, 1.01, -7.0])
    # Attacks change by a millisecond or less in three of five.
    assert spread == Spread(-30.0, -40.0, -20.0, 5, 0.6)


def test_one_clip_is_its_own_spread_in_hundredths_of_a_decibel() -> None:
    assert Spread.of([-12.3456], [0.2]) == Spread(-12.35, -12.35, -12.35, 1, 1.0)
