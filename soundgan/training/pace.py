"""How fast a run goes and how long it will take."""

from __future__ import annotations

import math
import time

from soundgan.config.schema import Config

WARM_UP_STEPS = 2
"""First steps are slower: memory is claimed and kernels are chosen."""

GAME = (
    ("D", "discriminator/loss"),
    ("G", "generator/loss"),
    ("|D'|", "discriminator/gradient_norm"),
    ("|G'|", "generator/gradient_norm"),
    ("real", "discriminator/real_logit"),
    ("fake", "discriminator/fake_logit"),
)
"""What a researcher watches, and how it is called in little space."""


class Pace:
    """Times the steps of one session with a clock that never jumps.

    Args:
        config: Of the run.
        first_step: Where the session starts.
        max_minutes: Its time limit, if it has one.
        began: When the limit began to count, as of ``time.monotonic``; now when not given.
    """

    def __init__(
        self,
        config: Config,
        *,
        first_step: int,
        max_minutes: float | None,
        began: float | None = None,
    ) -> None:
        self._batch_size = config.training.batch_size
        self._first_step = first_step
        self._max_seconds = None if max_minutes is None else max_minutes * 60
        self._began = time.monotonic() if began is None else began
        self._mark: tuple[float, int] | None = None

    def rewind(self, step: int) -> None:
        """The run has gone back to ``step``; the clock runs on, the speed is measured anew."""
        self._first_step, self._mark = step, None

    def time_is_up(self) -> bool:
        """Whether the session's time limit has passed."""
        return self.seconds_left() <= 0

    def seconds_left(self) -> float:
        """Until the session's time limit; infinity without one."""
        if self._max_seconds is None:
            return math.inf
        return self._max_seconds - (time.monotonic() - self._began)

    def seconds_per_step(self, step: int) -> float | None:
        """Measured after the warm-up; ``None`` before."""
        if self._mark is None:
            if step >= self._first_step + WARM_UP_STEPS:
                self._mark = (time.monotonic(), step)
            return None
        since, first = self._mark
        return (time.monotonic() - since) / (step - first) if step > first else None

    def images_per_second(self, step: int) -> float:
        """Images per second of the session; 0 before it is known."""
        seconds = self.seconds_per_step(step)
        return self._batch_size / seconds if seconds else 0.0

    def time_left(self, step: int, until: int) -> float | None:
        """Seconds until the session stops, at ``until`` or its limit, if that is known."""
        seconds = self.seconds_per_step(step)
        return None if seconds is None else min(seconds * (until - step), self.seconds_left())

    def note(self, step: int, metrics: dict[str, float]) -> str:
        """Speed, and the numbers of the game that are given, in one line."""
        rate = self.images_per_second(step)
        parts = [f"{rate:.1f} images/s"] if rate else []
        parts += [f"{label} {metrics[name]:.3g}" for label, name in GAME if name in metrics]
        return "  ".join(parts)

    def steady_seconds_per_step(self, step: int) -> float | None:
        """The same once it can be relied on: after ten steps, or fewer when they are slow."""
        seconds = self.seconds_per_step(step)
        if seconds is None or (seconds < 1 and step < self._first_step + 10):
            return None
        return seconds
