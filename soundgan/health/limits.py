"""Which updates are not applied."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from soundgan.health.signals import Signals

LARGE_GRADIENT = 20.0
"""Times the usual norm."""


@dataclass(frozen=True)
class Limits:
    """Largest gradient norms whose update is applied; what is not finite never is."""

    discriminator: float = math.inf
    generator: float = math.inf

    @classmethod
    def of(cls, signals: Signals) -> Limits:
        """Those of a game whose usual gradients are known, or none while they are not."""
        networks = ("discriminator", "generator")
        usual = {network: signals.usual(f"{network}/gradient_norm") for network in networks}
        return cls(**{name: LARGE_GRADIENT * norm for name, norm in usual.items() if norm})

    def refused(self, numbers: Mapping[str, float]) -> dict[str, float]:
        """Those of a step's numbers for which an update of it was not applied."""
        return {
            name: value
            for name, value in numbers.items()
            if not math.isfinite(value) or value > self._limit(name)
        }

    def _limit(self, name: str) -> float:
        network, _, what = name.partition("/")
        if what != "gradient_norm":
            return math.inf
        return self.discriminator if network == "discriminator" else self.generator
