"""Time as people read it."""

from __future__ import annotations

import pytest

from soundgan.reporting import clock_time


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.0, "0:00:00"),
        (59.4, "0:00:59"),
        (59.6, "0:01:00"),
        (3599.6, "1:00:00"),
        (3661.0, "1:01:01"),
        (100 * 3600.0, "100:00:00"),
        (-5.0, "0:00:00"),
    ],
)
def test_time_is_told_in_hours_minutes_and_seconds(seconds: float, told: str) -> None:
    assert clock_time(seconds) == told
