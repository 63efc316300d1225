"""Numbers that callers give: refused here where they are out of range."""

from __future__ import annotations

import math
from collections.abc import Mapping

from soundgan.errors import UsageError

Number = int | float | None

MOST = math.inf
"""Of what has no highest value here."""


def demand(ranges: Mapping[str, tuple[Number, float, float]]) -> None:
    """Refuse the first number that is not from its lowest to its highest; ``None`` is not given.

    Args:
        ranges: Value, lowest and highest of each parameter.

    Raises:
        UsageError: One is out of range, or is NaN.
    """
    for name, (value, low, high) in ranges.items():
        if value is not None and not low <= value <= high:
            most = f"from {low:g} to {high:g}" if high < MOST else f"at least {low:g}"
            raise UsageError(f"`{name}`: {value} is not {most}")
