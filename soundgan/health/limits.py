"""Which updates are not applied."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Largest gradient norms whose update is applied; what is not finite never is."""

    discriminator: float = math.inf
    generator: float = math.inf

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
