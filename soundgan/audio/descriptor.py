"""An open file, read anywhere: by each system's own means."""

from __future__ import annotations

import errno
import os
import stat
import sys


def open_to_read(path: str) -> tuple[int, int]:
    """Descriptor and size of a regular file; a pipe that has taken its place does not block.

    Raises:
        OSError: It cannot be opened, or is something else by now.
    """
    if sys.platform == "win32":
        flags = os.O_RDONLY | os.O_BINARY | os.O_NOINHERIT
    else:
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "no longer a regular file")
    return descriptor, status.st_size


def read_at(descriptor: int, count: int, position: int) -> bytes:
    """At most ``count`` bytes of a file from ``position`` on; where it stands does not matter.

    Raises:
        OSError: The disk does not give them.
    """
    if sys.platform == "win32":
        os.lseek(descriptor, position, os.SEEK_SET)
        return os.read(descriptor, count)
    return os.pread(descriptor, count, position)
