"""How much memory there is, and what the allocator does with what is given back."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4
"""Numbers of the settings in glibc's malloc.h."""


def keep_freed_memory() -> None:
    """Keep memory that was freed for what comes next, instead of returning it to the system.

    A training step, and a sound, free and ask for the same large arrays again: with glibc's
    defaults the system takes them and clears the pages each time, a tenth of a step, and threads
    wait for each other's pages. Elsewhere than on glibc nothing changes.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    mallopt(_TRIM_THRESHOLD, 2**31 - 1)
    mallopt(_TOP_PAD, 64 * 2**20)
    mallopt(_MMAP_MAX, 0)


def free_bytes(device: torch.device) -> int | None:
    """Memory that a device could still give this process; ``None`` where nobody can tell."""
    import torch

    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    if device.type == "mps":
        return int(torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory())
    return _free_of_the_machine()


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an operation failed for want of memory; torch says so in several ways."""
    import torch

    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    said = str(error).lower()
    return isinstance(error, RuntimeError) and any(words in said for words in _WORDS)


_WORDS = ("out of memory", "can't allocate memory", "not enough memory")


def _free_of_the_machine() -> int | None:
    """Of main memory, or of this process's share of it if there is one."""
    limits = []
    with suppress(OSError, TypeError):
        found = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text())
        limits.append(1024 * int(found[1]))  # type: ignore[index]
    with suppress(OSError, ValueError):  # "max" is no number: there is no limit
        group = Path("/sys/fs/cgroup")
        most = int((group / "memory.max").read_text())
        limits.append(most - int((group / "memory.current").read_text()))
    if not limits:
        with suppress(OSError, ValueError, AttributeError):
            limits.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    return min(limits, default=None)
