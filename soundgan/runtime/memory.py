"""How much memory there is, and what the allocator does with what is given back."""

from __future__ import annotations

import errno
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from soundgan.errors import MemoryShortageError

if TYPE_CHECKING:
    import torch

SOUNDS_BYTES = 352 << 20
"""Address space that libraries and threads take before the first sound is made: mostly unused."""

NETWORKS_BYTES = 640 << 20
"""The same for evaluating, and for training before the first step."""

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
    import ctypes

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


_WORDS = (
    "out of memory",
    "allocate memory",
    "not enough memory",
    "bad_alloc",
    "bad allocation",
    "could not create a primitive",
    "could not create a memory object",
    "can't start new thread",
    "thread creation failed",
    "failed to map segment",
    "pthread_create failed",
)
"""Of torch's allocators, oneDNN, the C++ library, Python's threads, and the dynamic linker."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an operation, or an import, failed for want of memory; it is said in several ways."""
    if isinstance(error, MemoryError) or (
        isinstance(error, OSError) and error.errno == errno.ENOMEM
    ):
        return True
    said = str(error).lower()
    # An error of the system without a number is of the dynamic linker.
    told = isinstance(error, RuntimeError | ImportError) or (
        isinstance(error, OSError) and error.errno is None
    )
    return told and any(words in said for words in _WORDS)


def address_limit() -> int | None:
    """Bytes of address space that this process may have (``ulimit -v``); ``None``: any number."""
    if sys.platform == "win32":
        return None
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit


def demand_room_for_torch() -> None:
    """Refuse to begin where ``ulimit -v`` does not let torch be loaded.

    Loading it crashes as often as it fails, so another process tries it first.

    Raises:
        MemoryShortageError: The limit is too low.
    """
    limit = address_limit()
    if limit is None:
        return
    # With less than there is: this process holds more by now than that one.
    script = "import mmap; taken = mmap.mmap(-1, 192 << 20); import torch, soundfile"
    tried = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    said = tried.stderr.decode("utf-8", "replace").lower()
    broken = "traceback" in said and not any(w in said for w in ("memoryerror", *_WORDS))
    if tried.returncode != 0 and not broken:  # what is broken is told when it is used
        raise MemoryShortageError(
            f"memory: ulimit -v allows {limit / 1e9:.2f} GB, too little to load torch; "
            "raise that limit"
        )


def demand_address_space(n_bytes: int, what: str) -> None:
    """Refuse work for which this process may not have the address space.

    Where ``ulimit -v`` stops libraries in the middle of something, they crash more often than not.

    Args:
        n_bytes: Besides what the process has by now.
        what: The work, as in "too little for ...".

    Raises:
        MemoryShortageError: The limit is too low.
    """
    limit = address_limit()
    if limit is None or sys.platform != "linux":
        return
    import psutil

    taken = psutil.Process().memory_info().vms
    if taken + n_bytes > limit:
        raise MemoryShortageError(
            f"memory: ulimit -v allows {limit / 1e9:.2f} GB, too little for {what}, which needs "
            f"about {(taken + n_bytes) / 1e9:.2f} GB; raise that limit"
        )


def _free_of_the_machine() -> int | None:
    """Of main memory, or of this process's share of it if there is one."""
    import psutil

    with suppress(OSError):
        free = int(psutil.virtual_memory().available)
        with suppress(OSError, ValueError):  # "max" is no number: there is no limit
            group = Path("/sys/fs/cgroup")
            most = int((group / "memory.max").read_text("ascii"))
            free = min(free, most - int((group / "memory.current").read_text("ascii")))
        return free
    return None
