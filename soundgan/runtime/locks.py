"""One process at a time in a folder, also on a disk that has no locks."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from soundgan.errors import LockedError, OutputError
from soundgan.reporting import Reporter
from soundgan.runtime.files import make_folder, reason, refusal

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

    On a disk without locks a file of the holder's name stands in for one. It outlives a killed
    owner, and is taken over where that was a process of this computer which is gone.

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
            descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
            missing = _flock(descriptor, fcntl.LOCK_EX)
            if missing is not None:
                holder = _become_holder(folder, purpose)
                reporter.warn(
                    f"{folder}: this disk has no locks ({reason(missing)}); "
                    f"{HOLDER} stands in for one"
                )
            if os.pread(descriptor, len(_OWN), 0) not in (b"", _OWN):
                raise OutputError(
                    f"{folder / LOCK}: not a lock of soundgan; remove it or choose another folder"
                )
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"process {os.getpid()} ({purpose})\n".encode(), 0)
        except BlockingIOError:
            raise LockedError(
                f"{folder}: in use by {_named_in(descriptor)}; wait for it or choose another folder"
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
                holder.unlink()
        if descriptor >= 0:
            os.close(descriptor)


@contextmanager
def held_still(folder: Path) -> Iterator[None]:
    """Share the lock of a folder that has one, so that nothing changes while it is read.

    Nothing is written: a folder that was never worked in stays as it is, and unlocked.

    Raises:
        LockedError: Another process works there.
    """
    try:
        descriptor = os.open(folder / LOCK, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        yield
        return
    try:
        try:
            missing = _flock(descriptor, fcntl.LOCK_SH)
        except BlockingIOError:
            raise LockedError(f"{folder}: in use by {_named_in(descriptor)}; wait for it") from None
        if missing is not None:
            _refuse_living_holder(folder / HOLDER)
        yield
    finally:
        os.close(descriptor)


def _flock(descriptor: int, kind: int) -> OSError | None:
    """Take a lock; what the system says where there are none.

    Raises:
        BlockingIOError: Another process has it.
        OSError: For another reason.
    """
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
        return error
    return None


def _named_in(descriptor: int) -> str:
    """Who wrote into a lock."""
    return os.read(descriptor, 200).decode("utf-8", "replace").strip() or "another process"


def _become_holder(folder: Path, purpose: str) -> Path:
    """Make the file that stands in for a lock.

    Raises:
        LockedError: It is there, and its process may be alive.
        OSError: It cannot be made.
    """
    path = folder / HOLDER
    content = f"process {os.getpid()} ({purpose}) on {_here()}\n{_begin_of(os.getpid())}\n"
    while True:
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            descriptor = os.open(path, flags, 0o644)
        except FileExistsError:
            _refuse_living_holder(path)
            with suppress(FileNotFoundError):
                path.unlink()
            continue
        try:
            os.write(descriptor, content.encode())
        finally:
            os.close(descriptor)
        return path


def _refuse_living_holder(path: Path) -> None:
    """Pass if nobody holds the folder, or a process of this computer that is gone.

    Raises:
        LockedError: Somebody holds it, or may do.
    """
    try:
        with open(path, "rb") as file:
            text = file.read(400).decode("utf-8", "replace")
    except FileNotFoundError:
        return
    first, _, begin = text.partition("\n")
    what, _, host = first.rpartition(" on ")
    number = what.removeprefix("process ").partition(" ")[0]
    if number.isdecimal() and host == _here() and _begin_of(int(number)) != begin.strip():
        return
    raise LockedError(
        f"{path.parent}: in use by {first or 'another process'}; wait for it, choose another "
        f"folder, or remove {path} if that process is gone"
    )


def _here() -> str:
    """Name of this computer."""
    return socket.gethostname()


def _begin_of(process: int) -> str:
    """When a process of this computer began, as far as the system tells; "gone" if there is none.

    Numbers of processes are given again: one that began at another moment is another one.
    """
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return "gone"
    except PermissionError:
        pass
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "alive"
    return fields[19]
