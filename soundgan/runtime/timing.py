"""How long work takes on a device, start-up apart."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Timing:
    """Seconds of one call, over several.

    Attributes:
        median_s: Half of the calls took longer.
        low_s: First quartile: a quarter of the calls were faster.
        high_s: Third quartile: a quarter of the calls were slower.
        n: Calls timed; with one alone the three numbers are the same.
    """

    median_s: float
    low_s: float
    high_s: float
    n: int


def measure(
    work: Callable[[], object],
    *,
    device: torch.device,
    warm_up: int,
    repeats: int,
    at_most_s: float,
) -> Timing:
    """Time ``work``, each call until the device has finished it.

    Args:
        work: Called without arguments; its result is dropped.
        device: What it keeps busy, and is waited for.
        warm_up: Calls before the first that counts: they compile, allocate and fill caches.
        repeats: Calls to time, at least 1.
        at_most_s: No call begins after this many seconds, warm-up included; one is always timed.
    """
    times = sorted(
        call_times(work, device=device, warm_up=warm_up, repeats=repeats, at_most_s=at_most_s)
    )
    if len(times) == 1:
        return Timing(times[0], times[0], times[0], 1)
    low, median, high = statistics.quantiles(times, n=4, method="inclusive")
    return Timing(median, low, high, len(times))


def call_times(
    work: Callable[[], object],
    *,
    device: torch.device,
    warm_up: int,
    repeats: int,
    at_most_s: float,
) -> list[float]:
    """Seconds of every timed call in order; arguments as of :func:`measure`."""
    began = time.perf_counter()
    for _ in range(warm_up):
        work()
        synchronise(device)
        if time.perf_counter() - began > at_most_s:
            break
    times: list[float] = []
    while not times or (len(times) < repeats and time.perf_counter() - began <= at_most_s):
        start = time.perf_counter()
        work()
        synchronise(device)
        times.append(time.perf_counter() - start)
    return times


def synchronise(device: torch.device) -> None:
    """Wait until the device has done all it was asked to; a CPU has already."""
    import torch

    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
