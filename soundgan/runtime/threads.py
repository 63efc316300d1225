"""Work on many small tensors at once: one core per part instead of all cores per operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


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

    with one_thread():
        if n_threads == 1 or len(parts) < 2:
            return [work(part) for part in parts]
        with ThreadPoolExecutor(
            min(n_threads, len(parts)), initializer=torch.set_num_threads, initargs=(1,)
        ) as pool:
            return list(pool.map(work, parts))


@contextmanager
def one_thread() -> Iterator[None]:
    """Inside, torch works in one thread, so that sums do not depend on the number of cores."""
    import torch

    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(n_threads)
