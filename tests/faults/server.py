"""A process that has imported everything and does nothing but fork: the parent of all children.

A fork costs milliseconds where a fresh interpreter needs seconds for torch, and is as real a
process to a signal. It is safe only where nothing has used threads, so the tests' own process
does not do it. Requests and replies are lines of JSON on stdin and stdout.
"""

from __future__ import annotations

import faulthandler
import importlib
import json
import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

CRASHED = 70
"""Exit status of a child that met an error nobody should see."""
PATIENCE = 120.0
"""Seconds after which a child that is waited for says where it is, and is killed."""


def main() -> None:
    """Answer requests until there are no more."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what children print is no reply
    for line in sys.stdin:
        request = json.loads(line)
        reply = _wait(request["wait"]) if "wait" in request else _do(**request)
        print(json.dumps(reply), file=replies, flush=True)


def _do(function: str, folder: str, named: dict[str, Any], fork: bool) -> Any:
    """Call ``module:function`` in a child that works in ``folder``, or in this process."""
    module, _, name = function.partition(":")
    work = getattr(importlib.import_module(module), name)
    if fork:
        return _fork(lambda: work(**named), folder)
    os.chdir(folder)
    try:
        return work(**named)
    finally:
        os.chdir("/")


def _fork(work: Callable[[], int], folder: str) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return child
    status = CRASHED
    try:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        faulthandler.dump_traceback_later(PATIENCE - 10)
        os.chdir(folder)
        status = work()
    except BaseException:  # noqa: BLE001 - or the child would go on as a second server
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(status)


def _wait(child: int) -> int:
    """Exit code of a child, or minus the signal that killed it."""
    deadline = time.monotonic() + PATIENCE
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
        if time.monotonic() > deadline:
            threads = Path(f"/proc/{child}/task")
            print(f"{child} hangs", *(t.name for t in threads.iterdir()), file=sys.stderr)
            os.kill(child, signal.SIGKILL)
        time.sleep(0.001)
    return os.waitstatus_to_exitcode(ended[1])


if __name__ == "__main__":
    main()
