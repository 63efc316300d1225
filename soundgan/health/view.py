"""What is known of a game after a step, and how the rules of troubles ask for it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from soundgan.health.game import Game
from soundgan.health.signals import Signals

COLLAPSED = 0.2
"""Diversity below which sounds are alike to the ear."""
ONCE_VARIED = 0.3
"""Variety that, once reached, is missed at any age."""
LATE = 2000
"""Steps after which a generator that has shown no variety yet will not by itself."""
RISING = 1.1
"""A measurement that grew by a tenth since the last look is on its way."""


@dataclass(frozen=True)
class View:
    """What is known after a step.

    Attributes:
        step: Generator updates done.
        numbers: Of this step.
        signals: Running statistics, this step included.
        game: The run's config.
        probe: The newest measurements of generated sounds, if any were made yet.
        previous: Those before them.
        peaks: The largest value of each measurement so far.
        age: Steps done, scaled as patience is.
    """

    step: int
    numbers: Mapping[str, float]
    signals: Signals
    game: Game
    probe: Mapping[str, float]
    previous: Mapping[str, float]
    peaks: Mapping[str, float]
    age: float

    def fast(self, name: str) -> float:
        """Average over about 50 steps; NaN, which lies on no side of a threshold, without any."""
        value = self.signals.fast(name)
        return math.nan if value is None else value

    def slow(self, name: str) -> float:
        """Average over about 200 steps; NaN where there is none."""
        value = self.signals.slow(name)
        return math.nan if value is None else value

    def averages(self, **names: str) -> dict[str, float]:
        """Those fast averages that there are, under short names."""
        found = {short: self.signals.fast(name) for short, name in names.items()}
        return {short: value for short, value in found.items() if value is not None}

    def excess(self, name: str) -> float:
        """A share of generated sounds beyond the same share of real ones."""
        return self.probe.get(name, 0.0) - self.probe.get(f"{name}_real", 0.0)

    def lacks(self, name: str, least: float) -> bool:
        """Whether too little was measured, no more than before, of what there should be by now.

        It should be there where it once was, and in any game of 2,000 steps.
        """
        value, before = self.probe.get(name, math.inf), self.previous.get(name)
        rises = before is not None and value > RISING * before
        return value < least and not rises and (self.varied(name) or self.age >= LATE)

    def varied(self, name: str) -> bool:
        """Whether a measurement of variety was ever high enough to be missed."""
        return self.peaks.get(name, 0.0) >= ONCE_VARIED
