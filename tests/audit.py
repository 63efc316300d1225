"""What a process does to the network and to files, as Python itself reports it.

An audit hook cannot be taken off again: it is put on once, and listens while somebody records.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NETWORK = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto",
           "socket.sendmsg", "urllib.Request", "http.client.connect"}  # fmt: skip
FIRST_PATH = {"os.mkdir", "os.remove", "os.rmdir", "os.truncate", "os.chmod", "os.chown",
              "os.utime", "shutil.rmtree"}  # fmt: skip
SECOND_PATH = {"os.rename", "os.link", "os.symlink"}
WATCHED = NETWORK | FIRST_PATH | SECOND_PATH | {"open"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_recorded: list[str] | None = None
_allowed: tuple[str, ...] = ()
_busy = False
_temporary = Path("/tmp")


def install() -> None:
    """Put the hook on, once in a process."""
    sys.addaudithook(_hook)


@contextmanager
def recording(*allowed: Path) -> Iterator[list[str]]:
    """Everything that leaves this machine, and every change to a file outside some folders."""
    global _recorded, _allowed, _temporary
    _temporary = Path(tempfile.gettempdir())  # not in the hook: it takes a lock
    before, _recorded = (_recorded, _allowed), []
    _allowed = tuple(str(folder) for folder in allowed)
    try:
        yield _recorded
    finally:
        _recorded, _allowed = before


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    global _busy
    if event not in WATCHED or _recorded is None or _busy:
        return
    _busy = True  # what follows may open files itself
    try:
        _judge(event, arguments)
    finally:
        _busy = False


def _judge(event: str, arguments: tuple[Any, ...]) -> None:
    assert _recorded is not None
    if event in NETWORK:
        address = arguments[1] if event.startswith("socket.c") else arguments[0]
        if not isinstance(address, str | bytes) or event != "socket.connect":  # of another process
            _recorded.append(f"{event} {arguments[-1]!r}")
        return
    if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITING):
        return
    path = arguments[1] if event in SECOND_PATH else arguments[0]
    if isinstance(path, int) or path is None or _with_folder(event, arguments):
        return
    place = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - links are judged as they stand
    if not _is_allowed(place):
        _recorded.append(f"{event} {place}")


def _with_folder(event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether the path is relative to a folder that was opened before, and judged then."""
    return event != "open" and any(isinstance(word, int) and word > 2 for word in arguments[-2:])


def _is_allowed(place: str) -> bool:
    path = Path(place)
    if any(place == folder or place.startswith(folder + os.sep) for folder in _allowed):
        return True
    if place.startswith(("/dev/null", "/dev/pts/", "/dev/ptmx", "/dev/tty", "/proc/")):
        return True
    if "__pycache__" in path.parts:  # the interpreter's own
        return True
    # Nameless files, the one that is written to see whether the folder can be used, and what
    # ``soundgan bench`` measures with.
    temporary = _temporary
    if path == temporary or path.parent == temporary:
        return path == temporary or len(path.name) in (8, 11) or _is_of_bench(path.name)
    return temporary in path.parents and _is_of_bench(path.relative_to(temporary).parts[0])


def _is_of_bench(name: str) -> bool:
    return name.startswith("soundgan-bench-")
