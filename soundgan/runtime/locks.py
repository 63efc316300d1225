"""One process at a time in a folder, also on a disk that has no locks."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import SoftFileLock, Timeout, lock_descriptor

from soundgan.errors import LockedError, OutputError
from soundgan.reporting import Reporter
from soundgan.runtime.files import NO_LINK, make_folder, reason, refusal

LOCK = ".lock"
HOLDER = ".lock-holder"
"""Stands in for a lock where the disk has none: there while a process works in the folder."""

_OWN = b"process "
"""What a lock that is held, or was when its owner died, begins with."""

LOCK_FILES = frozenset({LOCK, HOLDER})

NO_LOCKS = {
    errno.ENOLCK,
    errno.ENOSYS,
    errno.EOPNOTSUPP,
    errno.ENOTSUP,
    errno.EINVAL,
    errno.ENOTTY,
    errno.EPROTONOSUPPORT,
}
"""What the file systems of networks and clusters say that have no ``flock``."""


@contextmanager
def lock(folder: Path, *, purpose: str, reporter: Reporter) -> Iterator[None]:
    """Hold ``folder`` for this process; the lock dies with its owner.

    On a disk without locks a file stands in for one. It outlives a killed owner, and is taken over
    by one process where that was a process of this computer which is gone.

    Args:
        folder: Made when missing.
        purpose: What for; the message to others says so.
        reporter: Warned where the disk has no locks.

    Raises:
        LockedError: Another process holds it; the message names the process.
        OutputError: The folder cannot be made or written, or the lock is a file of somebody else,
            such as a second name of one that lies elsewhere.
    """
    make_folder(folder)
    descriptor, holder = -1, None
    try:
        try:
            descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | NO_LINK, 0o644)
            missing = _take(descriptor)
            if missing is not None:
                holder = _become_holder(folder, descriptor)
                reporter.warn(
                    f"{folder}: this disk has no locks ({reason(missing)}); "
                    f"{HOLDER} stands in for one"
                )
            if os.read(descriptor, len(_OWN)) not in (b"", _OWN):
                raise OutputError(
                    f"{folder / LOCK}: not a lock of soundgan; remove it or choose another folder"
                )
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, f"process {os.getpid()} ({purpose})\n".encode())
        except BlockingIOError:
            raise LockedError(
                f"{folder}: in use by {_named_in(descriptor) or 'another process'}; "
                "wait for it or choose another folder"
            ) from None
        except OSError as error:
            raise refusal(folder, "cannot use this folder", error) from error
        yield
        with suppress(OSError):
            # An empty file is all that a finished command leaves: the same bytes every time.
            os.ftruncate(descriptor, 0)
    finally:
        if holder is not None:
            with suppress(OSError):
                holder.release()
        if descriptor >= 0:
            os.close(descriptor)


@contextmanager
def held_still(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder that has one, so that nothing changes while it is read.

    Nothing is written: a folder that was never worked in stays as it is, and unlocked. Who reads
    waits for others who do.

    Raises:
        LockedError: Another process works there.
    """
    try:
        descriptor = os.open(folder / LOCK, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        yield
        return
    try:
        if not _waited_for_readers(folder, descriptor) and (folder / HOLDER).exists():
            _become_holder(folder, descriptor).release()
        yield
    finally:
        os.close(descriptor)


def _waited_for_readers(folder: Path, descriptor: int) -> bool:
    """Take a lock; whether the disk has any.

    Raises:
        LockedError: Whoever has it works there.
    """
    while True:
        try:
            return _take(descriptor) is None
        except BlockingIOError:
            if name := _named_in(descriptor):
                raise LockedError(f"{folder}: in use by {name}; wait for it") from None
            time.sleep(0.05)


def _take(descriptor: int) -> OSError | None:
    """Take a lock; what the system says where there are none.

    Raises:
        BlockingIOError: Another process has it.
        OSError: For another reason.
    """
    try:
        if not lock_descriptor(descriptor, blocking=False):
            raise BlockingIOError
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
        return error
    return None


def _named_in(descriptor: int) -> str:
    """Who wrote into a lock; nothing where somebody only reads, or Windows keeps it to itself."""
    with suppress(OSError):
        os.lseek(descriptor, 0, os.SEEK_SET)
        return os.read(descriptor, 200).decode("utf-8", "replace").strip()
    return ""


def _become_holder(folder: Path, descriptor: int) -> SoftFileLock:
    """Make the file that stands in for a lock.

    Raises:
        LockedError: It is there, and its process may be alive.
        OSError: It cannot be made.
    """
    holder = SoftFileLock(folder / HOLDER)
    try:
        holder.acquire(blocking=False)
    except Timeout:
        where = ""
        with suppress(OSError, ValueError, IndexError):
            where = f" on {(folder / HOLDER).read_text('utf-8').splitlines()[1]}"
        raise LockedError(
            f"{folder}: in use by {_named_in(descriptor) or 'another process'}{where}; wait for "
            f"it, choose another folder, or remove {folder / HOLDER} if that process is gone"
        ) from None
    return holder
