from __future__ import annotations

import pytest

from soundgan.pipelines.bench.units import (
    bytes_per_second,
    digits,
    duration,
    flops_per_second,
    n_bytes,
    with_spread,
)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (4.2e-5, "42.0 µs"),
        (0.0123, "12.3 ms"),
        (0.5, "500 ms"),
        (0.9997, "1.00 s"),
        (1.0, "1.00 s"),
        (99.94, "99.9 s"),
        (100.0, "1 min 40 s"),
        (599.6, "10 min"),
        (3569.0, "59 min"),
        (3571.0, "1 h 00 min"),
        (7500.0, "2 h 05 min"),
        (200_000.0, "2 days 8 h"),
    ],
)
def test_a_duration_is_in_the_unit_people_use(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_rates_and_sizes_have_three_digits() -> None:
    assert flops_per_second(1.4e11) == "140 GFLOP/s"
    assert flops_per_second(9.89e14) == "989 TFLOP/s"
    assert bytes_per_second(15.71e9) == "15.7 GB/s"
    assert bytes_per_second(4.8e12) == "4.80 TB/s"
    assert n_bytes(612_400_000) == "612 MB"
    assert n_bytes(1_240_000_000) == "1.24 GB"
    assert [digits(value) for value in (1234.5, 99.96, 0.123, 0.0042, 0)] == [
        "1,234",
        "100",
        "0.12",
        "0.0042",
        "0",
    ]


def test_the_spread_is_half_the_distance_of_the_quartiles() -> None:
    times = {"median_s": 2.0, "low_s": 1.9, "high_s": 2.3, "n": 9}
    assert with_spread("2.00 s", times) == "2.00 s ±10 %"
    assert with_spread("2.00 s", times | {"n": 1}) == "2.00 s"
