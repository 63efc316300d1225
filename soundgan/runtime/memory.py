"""What the allocator of this process does with memory that is given back."""

from __future__ import annotations

import ctypes
import sys

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
