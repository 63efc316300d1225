"""How fast a run goes, how long it will take, and a word when that is far too long."""

from __future__ import annotations

import time

from soundgan.config.schema import Config

LONG_HOURS = 4.0
"""A run expected to take longer than this is called long."""

WARM_UP_STEPS = 2
"""First steps are slower: memory is claimed and kernels are chosen."""


class Pace:
    """Times the steps of one session with a clock that never jumps."""

    def __init__(
        self, config: Config, name: str, *, first_step: int, max_minutes: float | None
    ) -> None:
        self._name = name
        self._batch_size = config.training.batch_size
        self._steps = config.training.steps
        self._first_step = first_step
        self._max_seconds = None if max_minutes is None else max_minutes * 60
        self._began = time.monotonic()
        self._mark: tuple[float, int] | None = None
        self._warned = max_minutes is not None

    def start(self) -> None:
        """The first step is about to begin."""
        self._began = time.monotonic()

    def time_is_up(self) -> bool:
        """Whether the session's time limit has passed."""
        return self._max_seconds is not None and time.monotonic() - self._began >= self._max_seconds

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

    def note(self, step: int, until: int, metrics: dict[str, float]) -> str:
        """Speed, time left and the numbers of the game in one line."""
        seconds = self.seconds_per_step(step)
        if seconds is None:
            return ""
        left = seconds * (until - step)
        if self._max_seconds is not None:
            left = min(left, self._max_seconds - (time.monotonic() - self._began))
        parts = [f"{self._batch_size / seconds:.1f} images/s", f"{format_seconds(left)} left"]
        short = (
            ("D", "discriminator/loss"),
            ("G", "generator/loss"),
            ("|D'|", "discriminator/gradient_norm"),
            ("|G'|", "generator/gradient_norm"),
            ("real", "discriminator/real_logit"),
            ("fake", "discriminator/fake_logit"),
        )
        parts += [f"{label} {metrics[name]:.3g}" for label, name in short if name in metrics]
        return "  ".join(parts)

    def warning(self, step: int) -> str | None:
        """Once, when the whole run would take many hours: how many, and what to do."""
        seconds = self.seconds_per_step(step)
        if self._warned or seconds is None:
            return None
        if seconds < 1 and step < self._first_step + 10:
            return None  # wait for a steadier figure
        self._warned = True
        hours = seconds * (self._steps - self._first_step) / 3600
        return long_run_advice(hours, self._name) if hours > LONG_HOURS else None


def long_run_advice(hours: float, name: str) -> str:
    """What to say of a run of many hours with the config called ``name``."""
    remedy = "limit it with --max-minutes; it resumes where it stopped"
    if name != "base":
        remedy = f"the preset meant for it is base (--config base), or {remedy}"
    return f"this run takes about {hours:.0f} hours on this machine; {remedy}"


def format_seconds(seconds: float) -> str:
    """``h:mm:ss``."""
    whole = max(0, round(seconds))
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
