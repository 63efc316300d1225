"""Work on many small tensors at once: one core per part instead of all cores per operation."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")

_SETTING = threading.Lock()


def map_in_threads(function: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
    """``function`` of every part, in order, without gradients.

    As many threads as torch may use take one part each. Splitting an operation on a few thousand
    numbers costs more than it gains, and stalls altogether beside another busy process; whole
    parts do neither.
    """
    import torch

    n_threads = torch.get_num_threads()

    def work(part: Part) -> Result:
        with torch.no_grad():
            return function(part)

    if n_threads == 1 or not parts:
        return [work(part) for part in parts]
    with single_threaded_pool(min(n_threads, len(parts))) as pool:
        return list(pool.map(work, parts))


def map_ahead(
    function: Callable[[Part], Result], parts: Iterable[Part]
) -> Generator[Result, None, None]:
    """``function`` of every part, in order, as they are asked for.

    As many threads as torch may use are at work on one part each, a few ahead of what was asked
    for. Close it when no more is wanted: what has been begun ends, and nothing else begins.
    """
    import torch

    n_threads = torch.get_num_threads()
    if n_threads == 1:
        yield from map(function, parts)
        return
    pool = single_threaded_pool(n_threads)
    rest = iter(parts)
    try:
        ahead = deque(pool.submit(function, part) for part in islice(rest, n_threads))
        while ahead:
            result = ahead.popleft().result()
            ahead.extend(pool.submit(function, part) for part in islice(rest, 1))
            yield result
    except (Exception, GeneratorExit):
        pool.shutdown(cancel_futures=True)
        raise
    finally:  # an interruption does not wait
        pool.shutdown(wait=False, cancel_futures=True)


def single_threaded_pool(n_workers: int) -> ThreadPoolExecutor:
    """Workers of which each computes in one thread; torch stays as it is everywhere else.

    All of them have begun when this returns: nothing is set any more while they work.
    """
    begun, go_on = threading.Semaphore(0), threading.Event()

    def compute_alone() -> None:
        try:
            _set_here(1)
        finally:
            begun.release()

    pool = ThreadPoolExecutor(n_workers, initializer=compute_alone)
    try:
        for _ in range(n_workers):
            pool.submit(go_on.wait)
        for _ in range(n_workers):
            begun.acquire()
    finally:
        go_on.set()
    return pool


@contextmanager
def one_thread() -> Iterator[None]:
    """Inside, torch works in one thread, so that sums do not depend on the number of cores.

    Other threads, also those that are started meanwhile, compute as before.
    """
    import torch

    n_threads = torch.get_num_threads()
    if n_threads == 1:
        yield
        return
    _set_here(1)
    try:
        yield
    finally:
        _set_here(n_threads)


def _set_here(n_threads: int) -> None:
    """Let torch use so many threads where the calling thread computes, and nowhere else.

    What torch is told holds for the calling thread and for threads that have not computed yet.
    So one of those is asked before, and one tells torch again afterwards.
    """
    import torch

    with _SETTING, ThreadPoolExecutor(1) as other:
        for_others = other.submit(torch.get_num_threads).result()
        torch.get_num_threads()  # a thread that has not computed yet would begin with theirs
        torch.set_num_threads(n_threads)
        other.submit(torch.set_num_threads, for_others).result()
