"""Parts are worked on in order, each on one core, and torch's settings survive."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import torch

from soundgan.runtime.threads import map_ahead, map_in_threads, one_thread, single_threaded_pool


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


def test_what_is_computed_ahead_comes_in_order_and_on_one_core_each(n_threads: int) -> None:
    found = list(map_ahead(lambda part: (part, torch.get_num_threads()), range(20)))
    assert found == [(part, 1) for part in range(20)]
    assert torch.get_num_threads() == n_threads


def test_no_more_is_begun_than_a_few_ahead_of_what_was_asked_for(n_threads: int) -> None:
    begun: list[int] = []

    def begin(part: int) -> int:
        begun.append(part)
        return part

    results = map_ahead(begin, range(20))
    assert begun == []
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    results.close()
    assert 3 <= len(begun) <= 3 + n_threads


def test_an_error_ahead_reaches_the_caller_in_its_place(n_threads: int) -> None:
    results = map_ahead(lambda part: 1 / part, [1, 2, 0])
    assert [next(results), next(results)] == [1.0, 0.5]
    with pytest.raises(ZeroDivisionError):
        next(results)


def for_new_threads() -> int:
    """What torch uses in a thread that begins now."""
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    return found[0]


def test_workers_compute_alone_and_nobody_else_does(n_threads: int) -> None:
    with single_threaded_pool(2) as pool:
        assert pool.submit(torch.get_num_threads).result() == 1
        assert torch.get_num_threads() == n_threads
        assert for_new_threads() == n_threads
        assert pool.submit(torch.get_num_threads).result() == 1


def test_one_thread_is_for_the_thread_that_asks(n_threads: int) -> None:
    with one_thread():
        assert torch.get_num_threads() == 1
        assert for_new_threads() == n_threads
    assert torch.get_num_threads() == n_threads
    assert for_new_threads() == n_threads


def test_a_thread_keeps_its_own_number_while_others_set_theirs(n_threads: int) -> None:
    def mine(number: int) -> list[int]:
        torch.set_num_threads(number)
        seen = []
        for _ in range(20):
            map_in_threads(lambda part: part, range(3))
            seen.append(torch.get_num_threads())
        return seen

    found: list[int] = []
    threads = [threading.Thread(target=lambda n=n: found.extend(mine(n))) for n in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [2] * 20 + [3] * 20
    assert torch.get_num_threads() == n_threads
