"""Parts are worked on in order, each on one core, and torch's settings survive."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import torch

from soundgan.runtime.threads import map_in_threads


@pytest.fixture(params=[1, 2, 3])
def n_threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


def test_results_come_in_the_order_of_the_parts(n_threads: int) -> None:
    assert map_in_threads(lambda part: part * part, list(range(20))) == [i * i for i in range(20)]
    assert map_in_threads(lambda part: part, []) == []


def test_each_part_runs_on_one_core_and_the_setting_is_restored(n_threads: int) -> None:
    assert map_in_threads(lambda _: torch.get_num_threads(), range(4)) == [1] * 4
    assert torch.get_num_threads() == n_threads


def test_as_many_threads_work_as_torch_may_use(n_threads: int) -> None:
    together = threading.Barrier(n_threads, timeout=5)

    def meet(_: int) -> int:
        together.wait()
        return threading.get_ident()

    assert len(set(map_in_threads(meet, range(n_threads)))) == n_threads


def test_an_error_in_a_part_reaches_the_caller(n_threads: int) -> None:
    with pytest.raises(ZeroDivisionError):
        map_in_threads(lambda part: 1 / part, [1, 0, 2])
    assert torch.get_num_threads() == n_threads


def test_no_gradient_is_recorded(n_threads: int) -> None:
    weight = torch.ones(3, requires_grad=True)
    assert not any(r.requires_grad for r in map_in_threads(lambda part: weight * part, [1, 2]))
