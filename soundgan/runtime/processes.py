"""Other processes: started apart, limited, ended with all that they started, and what they died of.

Linux, macOS and Windows each have their own way of doing so; it is told here and nowhere else.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any, NoReturn

STATUS_OF_CRASHES = {
    0xC0000005: "access violation",
    0xC0000006: "in-page error",
    0xC0000017: "no memory",
    0xC000001D: "illegal instruction",
    0xC0000094: "division by zero",
    0xC00000FD: "stack overflow",
    0xC0000374: "heap corruption",
    0xC0000409: "stack buffer overrun",
}
"""Exit codes on Windows (NTSTATUS) of processes that broke."""

_LEAST_STATUS = 0xC0000000
_ENDED_BY_OTHERS = (1, signal.SIGTERM)
"""Exit codes on Windows that the Task Manager, and Python, give to a process that they end."""

if sys.platform == "win32":
    CRASHES: frozenset[int] = frozenset()
else:
    CRASHES = frozenset(
        (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGABRT,
         signal.SIGTRAP, signal.SIGSYS)
    )  # fmt: skip
"""Signals that a process brings upon itself; the others come from outside."""


def apart() -> dict[str, Any]:
    """Options of ``Popen`` for a process that Ctrl-C at the terminal does not reach."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def end_with_children(process_id: int) -> None:
    """End a process that was started :func:`apart`, and what it has started."""
    if sys.platform == "win32":
        _end_children(process_id)
        with suppress(OSError):  # gone by now
            os.kill(process_id, signal.SIGTERM)  # which nobody there can refuse
    else:
        os.killpg(process_id, signal.SIGKILL)


def leave_with_children() -> NoReturn:
    """End this process at once, with what it has started if it was started :func:`apart`."""
    if sys.platform == "win32":
        _end_children(os.getpid())
    elif os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def break_in_silence() -> None:
    """Should this process break, let it leave no core file and open no window."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.SetErrorMode(msvcrt.SEM_FAILCRITICALERRORS | msvcrt.SEM_NOGPFAULTERRORBOX)
    else:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_memory(n_bytes: int) -> None:
    """Let this process have no more address space, where that can be said: on Linux."""
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        least = n_bytes if hard == resource.RLIM_INFINITY else min(n_bytes, hard)
        resource.setrlimit(resource.RLIMIT_AS, (least, hard))


def was_ended_by_others(code: int, words: str) -> bool:
    """Whether a process was ended from outside, as for lack of memory, and did not break.

    Args:
        code: What it left with, as ``Popen`` has it.
        words: What it had to say at the end; nothing where it was not asked.
    """
    if sys.platform == "win32":
        return code in _ENDED_BY_OTHERS and not words
    return code < 0 and -code not in CRASHES


def cause_of_death(code: int, words: str) -> str:
    """What a process died of, in a few words; see :func:`was_ended_by_others`."""
    if code >= _LEAST_STATUS:
        status = f"status 0x{code:08X}"
        return f"{STATUS_OF_CRASHES[code]}, {status}" if code in STATUS_OF_CRASHES else status
    if code >= 0:
        return words or f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _end_children(process_id: int) -> None:
    """End what a process has started, where there are no groups of processes."""
    import psutil

    with suppress(psutil.Error):
        for child in psutil.Process(process_id).children(recursive=True):
            with suppress(psutil.Error):
                child.kill()
