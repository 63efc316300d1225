"""What a device can do at best, measured: arithmetic, memory traffic, and memory in use."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from soundgan.runtime.timing import call_times

if TYPE_CHECKING:
    import torch

_BUDGET_S = 1.2
"""Of one ceiling; calls that have begun are finished."""

_SIZES = (512, 1024, 2048, 4096, 8192)
"""Sides of the square matrices: a CPU is at its best from about 1024 on, a large GPU from 8192."""

_REPEATS = 8

_COPY_BYTES = {"cpu": 1 << 27, "cuda": 1 << 30, "mps": 1 << 28}
"""Beyond all caches but those of the largest servers, and no strain on the memory."""

_CLEAR = Path("/proc/self/clear_refs")
"""Linux sets a process's peak to what it holds now when 5 is written here; see proc(5)."""


@dataclass(frozen=True)
class Rates:
    """The two ceilings of a device.

    Attributes:
        flops_per_s: Floating-point operations of a matrix product, two per multiply-add.
        bytes_per_s: Memory traffic of a copy, bytes read plus bytes written.
    """

    flops_per_s: float
    bytes_per_s: float


def measure_rates(device: torch.device, dtype: torch.dtype) -> Rates:
    """Both ceilings, in about two seconds."""
    return Rates(matrix_rate(device, dtype), copy_rate(device))


def matrix_rate(device: torch.device, dtype: torch.dtype) -> float:
    """Floating-point operations per second of the fastest of a few square matrix products.

    Sizes grow as long as the next one, eight times the work, fits the time that is left: so a
    device of unknown speed, or a type that it only emulates, costs no more than a second or two.
    """
    import torch

    left, best = _BUDGET_S, 0.0
    for size in _SIZES:
        stream = torch.Generator().manual_seed(size)
        # Real numbers, not zeros: some processors draw less power, and run faster, on zeros.
        matrix = torch.randn(size, size, generator=stream).to(device, dtype)
        product = torch.empty_like(matrix)
        with torch.no_grad(), _convolution_precision(device):
            times = call_times(
                partial(torch.mm, matrix, matrix, out=product),
                device=device,
                warm_up=1,
                repeats=_REPEATS,
                at_most_s=left,
            )
        best = max(best, 2 * size**3 / min(times))
        left -= sum(times) + times[0]
        if 8 * 3 * min(times) > left:
            break
    return best


def copy_rate(device: torch.device) -> float:
    """Bytes per second that a large copy reads and writes, both counted."""
    import torch

    n_bytes = _COPY_BYTES.get(device.type, _COPY_BYTES["cpu"])
    source = torch.ones(n_bytes, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    times = call_times(
        lambda: target.copy_(source),
        device=device,
        warm_up=1,
        repeats=2 * _REPEATS,
        at_most_s=_BUDGET_S,
    )
    return 2 * n_bytes / min(times)


def reset_peak_memory(device: torch.device) -> None:
    """Forget the peak so far, where that can be done: on CUDA, and for a process on Linux."""
    import torch

    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    elif device.type == "cpu":
        with suppress(OSError):  # another system, or a sandbox
            _CLEAR.write_text("5", encoding="ascii")


def peak_memory(device: torch.device) -> int:
    """Bytes in use at the most, since :func:`reset_peak_memory` where that works.

    On CUDA what tensors took; on MPS what the driver holds for this process now, as it counts no
    peak; on the CPU all memory of this process, the program itself included.
    """
    import torch

    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    if device.type == "mps":
        return int(torch.mps.driver_allocated_memory())
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # Linux counts in KiB


@contextmanager
def _convolution_precision(device: torch.device) -> Iterator[None]:
    """Let matrix products round their inputs as convolutions may: TF32, on CUDA by default.

    Otherwise the limit of "float32" would be a fraction of what a generator reaches.
    """
    import torch

    if device.type != "cuda" or not torch.backends.cudnn.allow_tf32:
        yield
        return
    before = torch.backends.cuda.matmul.fp32_precision
    torch.backends.cuda.matmul.fp32_precision = "tf32"
    try:
        yield
    finally:
        torch.backends.cuda.matmul.fp32_precision = before
