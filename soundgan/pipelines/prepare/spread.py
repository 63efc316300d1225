"""How close copies are: the middle of many clips, how far they lie apart, and their attacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

KEPT_MS = 1.0
"""An attack whose time changes by no more is kept."""


@dataclass(frozen=True)
class Spread:
    """Spectral convergence over some clips; lower is closer.

    Attributes:
        median_db: Half of the clips are closer.
        closer_db: A quarter is closer than this.
        further_db: A quarter is further than this.
        clips: How many were measured.
        attacks_kept: Share of them whose attack takes as long as before, within a millisecond.
    """

    median_db: float
    closer_db: float
    further_db: float
    clips: int
    attacks_kept: float

    @classmethod
    def of(cls, convergence_db: Sequence[float], attack_errors_ms: Sequence[float]) -> Spread:
        """The spread of at least one number, dB, and of as many errors of attack times, ms."""
        levels = np.percentile(convergence_db, [25, 50, 75])
        closer, median, further = (round(float(level), 2) for level in levels)
        kept = float(np.mean(np.abs(attack_errors_ms) <= KEPT_MS))
        return cls(median, closer, further, len(convergence_db), round(kept, 3))
