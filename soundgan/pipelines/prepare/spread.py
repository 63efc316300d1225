"""How close copies are: the middle of many clips, and how far they lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Spread:
    """Spectral convergence over some clips; lower is closer.

    Attributes:
        median_db: Half of the clips are closer.
        closer_db: A quarter is closer than this.
        further_db: A quarter is further than this.
        clips: How many were measured.
    """

    median_db: float
    closer_db: float
    further_db: float
    clips: int

    @classmethod
    def of(cls, convergence_db: Sequence[float]) -> Spread:
        """The spread of at least one number, dB."""
        levels = np.percentile(convergence_db, [25, 50, 75])
        closer, median, further = (round(float(level), 2) for level in levels)
        return cls(median, closer, further, len(convergence_db))
