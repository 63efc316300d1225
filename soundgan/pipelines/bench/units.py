"""Numbers with the units people use, in three digits."""

from __future__ import annotations

from typing import Any


def duration(seconds: float) -> str:
    """From microseconds to days, such as ``12.3 ms`` or ``2 h 05 min``."""
    for limit, factor, unit in ((0.9995e-3, 1e6, "µs"), (0.9995, 1e3, "ms"), (99.95, 1.0, "s")):
        if seconds < limit:
            return f"{digits(seconds * factor)} {unit}"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 10:
        return f"{minutes} min {rest:02d} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02d} min"
    days, hours = divmod(round(seconds / 3600), 24)
    return f"{days} days {hours} h"


def digits(value: float) -> str:
    """Three digits, or all those before the point; two of what is below a tenth."""
    if 0 < value < 0.0995:
        return f"{value:.2g}"
    if value >= 99.95 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def with_spread(median: str, times: dict[str, Any]) -> str:
    """``12.3 ms ±4 %``: half the distance of the quartiles; of a single time there is none."""
    if times["n"] == 1:
        return median
    half = (times["high_s"] - times["low_s"]) / 2
    return f"{median} ±{100 * half / times['median_s']:.0f} %"


def flops_per_second(rate: float) -> str:
    """Operations per second."""
    return f"{digits(rate / 1e12)} TFLOP/s" if rate >= 1e12 else f"{digits(rate / 1e9)} GFLOP/s"


def bytes_per_second(rate: float) -> str:
    """Memory traffic."""
    return f"{digits(rate / 1e12)} TB/s" if rate >= 1e12 else f"{digits(rate / 1e9)} GB/s"


def n_bytes(n: int) -> str:
    """An amount of memory."""
    return f"{digits(n / 1e9)} GB" if n >= 1e9 else f"{digits(n / 1e6)} MB"
