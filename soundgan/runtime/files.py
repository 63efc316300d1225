"""Everything the program does to files: whole or not at all, and refusals in one line."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from soundgan.errors import ArtefactError, OtherContentError, OutputError, StorageError

TEMPORARY_MARK = ".tmp-"
"""Part of the name of every unfinished file; readers ignore such names."""

NO_LINK: int = getattr(os, "O_NOFOLLOW", 0)
"""Flag for opening what is no link; Windows has none."""

MOST_NAME_BYTES = 200
"""Longer names are shortened in those of unfinished files, which have to say more."""

REPLACE_SECONDS = 2.0
"""On Windows a file that somebody else has open, such as a virus scanner, cannot be replaced."""

LONGEST_PATH = 260
"""Characters of a path that Windows does not take, unless it is told to."""

OF_THE_DISK = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EROFS,
    errno.EIO,
    errno.ENODEV,
    errno.ENXIO,
}
"""Refusals that have nothing to do with the one file that met them."""


def write_bytes(
    path: Path, content: bytes | memoryview, *, durable: bool = True, sync_name: bool = True
) -> None:
    """Put ``content`` at ``path`` so that a reader sees the old file or the new, never a part.

    The parent folders are made.

    Args:
        path: The file.
        content: All of it.
        durable: Sync file and folder, so that a power cut cannot take the file back. Without it
            the promise holds for killed processes only; for work files that carry a hash.
        sync_name: Sync the folder here; without, inside :func:`names_synced`, once for all.

    Raises:
        OutputError: The disk is full, the folder read-only, the target a folder, a device, ...
    """
    with suppress(OSError):  # mostly because there is nothing yet
        if not stat.S_ISREG(mode := path.stat().st_mode) and not stat.S_ISDIR(mode):
            raise OutputError(f"{path}: cannot write: a device or pipe, not a file")
    refuse_foreign_link(path.parent)
    temporary = _temporary(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # "x" follows no link and takes over no file: what somebody left there is safe.
        with open(temporary, "xb") as file:
            file.write(content)
            file.flush()
            if durable:
                _sync(file.fileno())
        _replace(temporary, path)
        if durable and sync_name:
            sync_folder(path.parent)
    except BaseException as error:  # Ctrl-C must leave nothing half-written either
        with suppress(OSError):  # there may be no such folder, or a file in its place
            temporary.unlink()
        if isinstance(error, OSError):
            raise refusal(path, "cannot write", error) from error
        raise


class Appender:
    """A file that grows by whole lines; readers pass over a last one that was cut short.

    Args:
        path: The file.
        start: The lines that it begins with, in place of what was there.

    Raises:
        OutputError: It cannot be written.
    """

    def __init__(self, path: Path, start: str = "") -> None:
        write_bytes(path, start.encode())
        self._path = path
        try:
            self._file = open(  # noqa: SIM115 - closed by its owner
                path, "ab", buffering=0, opener=_open_no_link
            )
        except OSError as error:
            raise refusal(path, "cannot write", error) from error

    def write(self, line: str) -> None:
        """Add a line, with its end, at once.

        Raises:
            OutputError: The disk refuses.
        """
        rest = memoryview(line.encode())
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise refusal(self._path, "cannot write", error) from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def write_json(path: Path, document: Any) -> None:
    """Write ``document`` as JSON in a fixed form: sorted keys, two spaces, one final newline."""
    text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    write_bytes(path, (text + "\n").encode("utf-8", "surrogateescape"))


def read_json(path: Path, *, max_bytes: int = 1 << 20) -> Any:
    """Read one JSON document that the program wrote.

    Raises:
        ArtefactError: Missing, unreadable, too large or not JSON.
    """
    try:
        if path.stat().st_size > max_bytes:
            raise ArtefactError(f"{path}: larger than {max_bytes} bytes; not a file of soundgan")
        return json.loads(path.read_bytes().decode("utf-8", "surrogateescape"))
    except OSError as error:
        raise ArtefactError(f"{path}: cannot read: {reason(error)}") from error
    except (ValueError, RecursionError) as error:
        raise ArtefactError(f"{path}: not valid JSON: {error}") from error


def read_json_lines(path: Path, integers: tuple[str, ...]) -> list[dict[str, Any]]:
    """All whole lines of a file of JSON objects that have these integers; none without a file."""
    if not path.is_file():
        return []
    lines = []
    for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            continue  # the process was killed while it wrote this line
        if isinstance(line, dict) and all(isinstance(line.get(name), int) for name in integers):
            lines.append(line)
    return lines


def write_if_new(path: Path, content: bytes, *, overwrite: bool, sync_name: bool = True) -> bool:
    """Write ``content`` unless the same bytes are there already; see :func:`write_bytes`.

    Returns:
        True when the file was written, False when it already held exactly this.

    Raises:
        OtherContentError: Other content is there and ``overwrite`` is off.
        OutputError: It cannot be written.
    """
    wanted = _is_new(path, content, overwrite=overwrite)
    if wanted:
        write_bytes(path, content, sync_name=sync_name)
    return wanted


def demand_free(contents: Mapping[Path, bytes], *, overwrite: bool) -> None:
    """Refuse what :func:`write_if_new` would refuse of many files, before any is written.

    Raises:
        OtherContentError: A file holds other content and ``overwrite`` is off.
    """
    for path, content in contents.items():
        _is_new(path, content, overwrite=overwrite)


def _is_new(path: Path, content: bytes, *, overwrite: bool) -> bool:
    there = path.exists()  # asked once: another process may be writing the same just now
    same_size = there and path.is_file() and path.stat().st_size == len(content)
    if same_size and path.read_bytes() == content:
        return False
    if there and not overwrite:
        raise OtherContentError(
            f"{path}: exists with other content; pass `overwrite` or choose another place"
        )
    return True


def sha256(content: bytes | memoryview) -> str:
    """Hexadecimal SHA-256 of ``content``."""
    return hashlib.sha256(content).hexdigest()


def sha256_file(path: Path) -> str:
    """Hexadecimal SHA-256 of a file, read in pieces."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make_folder(folder: Path) -> None:
    """Make a folder with those above it, if it is not there yet.

    Raises:
        OutputError: It cannot be made, or another user's link stands there.
    """
    refuse_foreign_link(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusal(folder, "cannot use this folder", error) from error


def refuse_foreign_link(folder: Path) -> None:
    """Let no other user say, by a link that lies there already, where results are written.

    Links of one's own, of the owner of the place and of the system are followed.

    Raises:
        OutputError: ``folder`` is somebody else's link.
    """
    if sys.platform == "win32":  # files there have no owner of this kind
        return
    with suppress(OSError):  # mostly because there is nothing yet
        there = folder.lstat()
        trusted = (os.geteuid(), 0, folder.parent.stat().st_uid)
        if stat.S_ISLNK(there.st_mode) and there.st_uid not in trusted:
            raise OutputError(
                f"{folder}: a link of another user (id {there.st_uid}); "
                "name the folder that it leads to, or another one"
            )


def remove(path: Path) -> None:
    """Remove a file, if it is there.

    Raises:
        OutputError: It cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise refusal(path, "cannot remove", error) from error


def remove_work(folder: Path) -> None:
    """Remove a folder that nobody needs any more, as far as that is possible."""
    shutil.rmtree(folder, ignore_errors=True)


def move(path: Path, target: Path) -> None:
    """Give a file or folder another name on the same disk.

    Raises:
        OutputError: It cannot be moved.
    """
    try:
        path.rename(target)
    except OSError as error:
        raise refusal(path, f"cannot move to {target}", error) from error


def sweep_temporaries(folder: Path, *, held: bool) -> None:
    """Remove what killed processes left unfinished directly in ``folder``.

    Args:
        folder: Where.
        held: Whether this process holds the folder's lock. Without, other processes may be
            writing there, and what belongs to a living one stays.
    """
    for leftover in folder.glob(f".*{TEMPORARY_MARK}*"):
        owner = leftover.name.rpartition(TEMPORARY_MARK)[2].partition("-")[0]
        if held or not _is_of_another(owner):
            with suppress(OSError):  # of no use, and no harm
                leftover.unlink()


def _is_of_another(owner: str) -> bool:
    """Whether there is a process of this number besides this one."""
    if not owner.isdecimal() or int(owner) == os.getpid():
        return False
    import psutil

    try:
        return bool(psutil.pid_exists(int(owner)))
    except OverflowError:  # no process has such a number
        return False


def sync_folder(folder: Path) -> None:
    """Make renames inside ``folder`` durable, where its file system can."""
    if sys.platform == "win32":
        return  # folders cannot be opened, and NTFS keeps a journal of names
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


@contextmanager
def names_synced(folder: Path) -> Iterator[None]:
    """Sync ``folder`` once at the end, for all files written inside, however it ends.

    Raises:
        OutputError: The disk refuses.
    """
    try:
        yield
    except BaseException:
        with suppress(OSError):  # what went wrong first is told
            sync_folder(folder)
        raise
    try:
        sync_folder(folder)
    except OSError as error:
        raise refusal(folder, "cannot write", error) from error


def refusal(path: Path, what: str, error: OSError) -> OutputError:
    """The system's answer as an error of one line."""
    kind = StorageError if error.errno in OF_THE_DISK else OutputError
    return kind(f"{path}: {what}: {reason(error)}{_on_windows(path, error)}")


def _on_windows(path: Path, error: OSError) -> str:
    """What is behind some refusals there, which do not say it."""
    if sys.platform != "win32":
        return ""
    if len(str(path.absolute())) >= LONGEST_PATH and isinstance(error, FileNotFoundError):
        return (
            f"; the path has {LONGEST_PATH} characters or more: shorten it, or allow long paths in "
            "Windows (docs/install.md)"
        )
    if isinstance(error, PermissionError) and path.is_file():
        return "; another program may have it open: close that, and try again"
    return ""


def reason(error: OSError) -> str:
    """What the system says, without the path it repeats."""
    return error.strerror.lower() if error.strerror else str(error)


def _replace(temporary: Path, path: Path) -> None:
    """Let ``temporary`` take the place of ``path``; on Windows as soon as nobody has that open."""
    give_up = time.monotonic() + REPLACE_SECONDS
    while True:
        try:
            os.replace(temporary, path)
        except PermissionError:
            if sys.platform != "win32" or path.is_dir() or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def _temporary(path: Path) -> Path:
    """Name of the unfinished file for ``path``: whose it is, and what nobody can guess."""
    name = os.fsencode(path.name)
    if len(name) > MOST_NAME_BYTES:
        short = name[: MOST_NAME_BYTES // 2].decode("utf-8", "ignore")
        name = f"{short}-{sha256(name)[:32]}".encode()
    return path.with_name(
        f".{os.fsdecode(name)}{TEMPORARY_MARK}{os.getpid()}-{os.urandom(8).hex()}"
    )


def _open_no_link(path: str, flags: int) -> int:
    """Open what is there under this very name."""
    return os.open(path, flags & ~os.O_CREAT | NO_LINK)


def _sync(descriptor: int) -> None:
    """Ask the drive itself where the system allows it (macOS), else the system."""
    if sys.platform == "darwin":
        import fcntl

        with suppress(OSError):  # not on every file system
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)
