"""Numbers that callers give: the range of each, and the refusal of what lies outside."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from soundgan.errors import UsageError

Number = int | float | None


@dataclass(frozen=True)
class Range:
    """Lowest and highest value of a parameter, both allowed."""

    low: float
    high: float = math.inf

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high  # NaN is in no range

    def __str__(self) -> str:
        if self.high < math.inf:
            return f"from {self.low:g} to {self.high:g}"
        return f"at least {self.low:g}"


Ranges = Mapping[str, Range]

GENERATE: Ranges = {
    "count": Range(1, 10_000_000),
    "seed": Range(0),
    "truncation": Range(0.0, 2.0),
    "batch_size": Range(1, 4096),
}
EVALUATE: Ranges = {
    "count": Range(10, 5000),
    "seed": Range(0),
    "truncation": GENERATE["truncation"],
}
MORE: Ranges = dict.fromkeys(
    ("brighter", "sharper", "longer", "boomier", "airier", "noisier", "higher"), Range(-3.0, 3.0)
)
"""What ``vary`` can make of a sound along a measured direction, and how much of it."""
VARY: Ranges = {
    **MORE,
    "count": Range(1, 10_000),
    "strength": Range(0.0, 1.0),
    "first": Range(1, 1_000_000),
}
MORPH: Ranges = {"count": Range(2, 10_000)}
LIKE: Ranges = {
    "count": VARY["count"],
    "seed": Range(0, 2**63 - 1 - 10_000),
    "strength": VARY["strength"],
}
KIT: Ranges = {"takes": Range(0, 31), "layers": Range(1, 8)}
PREPARE: Ranges = {
    "sample_rate": Range(1000, 192_000),
    "clip_seconds": Range(0.05, 60.0),
    "label_depth": Range(1, 64),
    "validation": Range(0.0, 0.5),
    "test": Range(0.0, 0.5),
    "trim_db": Range(10.0, 100.0),
    "jobs": Range(1, 1024),
    "timeout": Range(1.0),
}
TRAIN: Ranges = {"seed": Range(0), "max_minutes": Range(0.01, 525_600), "max_steps": Range(1)}
SERVE: Ranges = {"port": Range(0, 65535)}
SPECTROGRAM: Ranges = {
    "sample_rate": Range(1000, 768_000),
    "n_fft": Range(8, 1 << 16),
    "hop": Range(1, 1 << 15),
    "mel": Range(1, 4096),
    "range_db": Range(20.0, 160.0),
}
INVERT: Ranges = {
    "iterations": Range(0, 10_000),
    "seed": Range(0, 2**63 - 1),
    "seconds": Range(0.01, 3600.0),
    "sample_rate": Range(1000, 192_000),
    "f_min": Range(0.0, 96_000.0),
    "f_max": Range(1.0, 96_000.0),
    "range_db": Range(5.0, 400.0),
    "n_fft": Range(32, 1 << 14),
    "panel": Range(1, 64),
}
DEMO_DATA: Ranges = {"per_class": Range(1, 9999)}


def demand(ranges: Ranges, values: Mapping[str, Number]) -> None:
    """Refuse the first number that is out of range; ``None`` is not given.

    Args:
        ranges: By parameter.
        values: By parameter.

    Raises:
        UsageError: One is out of range, or is NaN.
    """
    for name, value in values.items():
        if value is not None and value not in ranges[name]:
            raise UsageError(f"`{name}`: {value} is not {ranges[name]}")


def demand_even(name: str, value: int | None) -> None:
    """Refuse an odd number.

    Raises:
        UsageError: It is odd.
    """
    if value is not None and value % 2:
        raise UsageError(f"`{name}`: {value} is odd, must be even")
