from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import torch

from soundgan.runtime import timing
from soundgan.runtime.timing import Timing, measure

CPU = torch.device("cpu")


class Clock:
    """Stands still but for what the work adds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(time, "perf_counter", lambda: self.now)

    def work(self, seconds: list[float]) -> Callable[[], None]:
        """Takes the first of ``seconds``, then the next, and the last for ever."""

        def once() -> None:
            self.now += seconds.pop(0) if len(seconds) > 1 else seconds[0]

        return once


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_median_and_quartiles_are_those_of_the_timed_calls(clock: Clock) -> None:
    work = clock.work([50.0, 5.0, 1.0, 4.0, 2.0, 3.0])
    timing = measure(work, device=CPU, warm_up=1, repeats=5, at_most_s=1000)
    assert timing == pytest.approx(Timing(median_s=3.0, low_s=2.0, high_s=4.0, n=5))


def test_one_call_is_its_own_spread(clock: Clock) -> None:
    timing = measure(clock.work([7.0]), device=CPU, warm_up=0, repeats=1, at_most_s=1000)
    assert timing == Timing(7.0, 7.0, 7.0, 1)


def test_no_call_begins_after_the_time_is_over(clock: Clock) -> None:
    timing = measure(clock.work([2.0]), device=CPU, warm_up=1, repeats=100, at_most_s=7.0)
    assert timing.n == 3  # begun after 2, 4 and 6 seconds


def test_work_that_takes_too_long_to_warm_up_is_still_timed_once(clock: Clock) -> None:
    timing = measure(clock.work([30.0]), device=CPU, warm_up=5, repeats=5, at_most_s=10.0)
    assert (timing.n, clock.now) == (1, 160.0)


def test_a_call_ends_when_the_device_has_finished_it(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(device: torch.device) -> None:
        assert device == torch.device("cuda:1")
        clock.now += 4.0

    monkeypatch.setattr(timing, "synchronise", wait)
    found = measure(
        clock.work([1.0]), device=torch.device("cuda:1"), warm_up=1, repeats=3, at_most_s=1000
    )
    assert found.median_s == 5.0


@pytest.mark.parametrize(
    ("device", "waits"), [("cuda:1", ["cuda:1"]), ("mps", ["mps"]), ("cpu", [])]
)
def test_each_kind_of_device_is_waited_for_in_its_way(
    device: str, waits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[str] = []
    monkeypatch.setattr(torch.cuda, "synchronize", lambda device: waited.append(str(device)))
    monkeypatch.setattr(torch.mps, "synchronize", lambda: waited.append("mps"))
    timing.synchronise(torch.device(device))
    assert waited == waits
