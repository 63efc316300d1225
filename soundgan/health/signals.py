"""Running statistics of what every step reports."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from soundgan.config.settings import Settings

SLOW_STEPS = 200
"""Horizon of the averages that judge a game."""
FAST_STEPS = 50
"""Horizon of those that follow it."""
LONG_STEPS = 2000
"""Horizon of what was usual, which remembers what was usual before the game changed."""
WINDOW = 200
"""Values that tell what is usual."""
USUAL = 0.9
"""Share of those values that are no larger than what is called usual. The median will not do: in
small games without normalisation gradients of healthy steps lie a hundredfold apart."""
WINDOWED = (
    "discriminator/gradient_norm",
    "discriminator/penalty",
    "generator/gradient_norm",
)
LONG_SHARE = 0.2
"""What is usual is at least this share of the long average: where a discriminator has won,
its gradients are nearly 0 for long, and the first real one would look like an explosion."""

Averages = dict[str, float]


class SignalsRecord(Settings):
    """Signals as plain JSON values."""

    step: int = Field(ge=0)
    counts: dict[str, Annotated[int, Field(ge=1)]]
    slow: Averages
    fast: Averages
    long: Averages
    windows: dict[str, Annotated[list[float], Field(max_length=WINDOW)]]


class Signals:
    """Exponential averages and upper deciles of the finite numbers among those reported."""

    def __init__(self) -> None:
        self.step = 0
        self._counts: dict[str, int] = {}
        self._slow: Averages = {}
        self._fast: Averages = {}
        self._long: Averages = {}
        self._windows: dict[str, deque[float]] = {name: deque(maxlen=WINDOW) for name in WINDOWED}

    def add(self, step: int, numbers: Mapping[str, float]) -> None:
        """Take the numbers of a step in; steps may be left out where reading them is dear."""
        passed = max(1, step - self.step)
        for name, value in numbers.items():
            if not math.isfinite(value):
                continue
            count = self._counts[name] = self._counts.get(name, 0) + 1
            _move(self._slow, name, value, passed / SLOW_STEPS, count)
            _move(self._fast, name, value, passed / FAST_STEPS, count)
            window = self._windows.get(name)
            if window is not None:
                window.append(value)
                _move(self._long, name, _upper(window), passed / LONG_STEPS, count)
        self.step = step

    def slow(self, name: str) -> float | None:
        """Average over about 200 steps."""
        return self._slow.get(name)

    def fast(self, name: str) -> float | None:
        """Average over about 50 steps."""
        return self._fast.get(name)

    def usual(self, name: str) -> float | None:
        """What nine of ten of the last 200 values stay below, or a fifth of its long average.

        Whichever is more; ``None`` until half the window is full.
        """
        window = self._windows[name]
        if len(window) < WINDOW // 2:
            return None
        return max(_upper(window), LONG_SHARE * self._long.get(name, 0.0))

    def record(self) -> SignalsRecord:
        """All of it, for a checkpoint."""
        windows = {name: list(window) for name, window in self._windows.items()}
        return SignalsRecord(
            step=self.step,
            counts=dict(self._counts),
            slow=dict(self._slow),
            fast=dict(self._fast),
            long=dict(self._long),
            windows=windows,
        )

    @classmethod
    def of(cls, record: SignalsRecord) -> Signals:
        """Signals that go on exactly where the recorded ones were."""
        signals = cls()
        signals.step = record.step
        signals._counts = dict(record.counts)
        signals._slow, signals._fast = dict(record.slow), dict(record.fast)
        signals._long = dict(record.long)
        for name, window in signals._windows.items():
            window.extend(record.windows.get(name, ()))
        return signals


def _move(averages: Averages, name: str, value: float, share: float, count: int) -> None:
    """At first a plain mean: the first value has no greater weight than the others."""
    old = averages.get(name, 0.0)
    averages[name] = old + max(min(1.0, share), 1.0 / count) * (value - old)


def _upper(window: deque[float]) -> float:
    return sorted(window)[int(USUAL * len(window))]
