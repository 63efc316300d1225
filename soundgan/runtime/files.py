"""Every write the program makes: whole or not at all."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from soundgan.errors import ArtefactError, LockedError, OutputError

TEMPORARY_MARK = ".tmp-"
"""Part of the name of every unfinished file; readers ignore such names."""


def write_bytes(path: Path, content: bytes | memoryview, *, durable: bool = True) -> None:
    """Put ``content`` at ``path`` so that a reader sees the old file or the new, never a part.

    The parent folders are made.

    Args:
        path: The file.
        content: All of it.
        durable: Sync file and folder, so that a power cut cannot take the file back. Without it
            the promise holds for killed processes only; for work files that carry a hash.

    Raises:
        OutputError: The disk is full, the folder read-only, the target a folder, ...
    """
    temporary = path.with_name(f".{path.name[:200]}{TEMPORARY_MARK}{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            if durable:
                _sync(file.fileno())
        os.replace(temporary, path)
        if durable:
            sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):  # there may be no such folder, or a file in its place
            temporary.unlink()
        raise OutputError(f"{path}: cannot write: {reason(error)}") from error


def write_json(path: Path, document: Any) -> None:
    """Write ``document`` as JSON in a fixed form: sorted keys, two spaces, one final newline."""
    text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    write_bytes(path, (text + "\n").encode("utf-8", "surrogateescape"))


def read_json(path: Path, *, max_bytes: int = 1 << 30) -> Any:
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
        except ValueError:
            continue  # the process was killed while it wrote this line
        if isinstance(line, dict) and all(isinstance(line.get(name), int) for name in integers):
            lines.append(line)
    return lines


def write_if_new(path: Path, content: bytes, *, overwrite: bool) -> bool:
    """Write ``content`` unless the same bytes are there already.

    Returns:
        True when the file was written, False when it already held exactly this.

    Raises:
        OutputError: Other content is there and ``overwrite`` is off.
    """
    if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return False
    if path.exists() and not overwrite:
        raise OutputError(
            f"{path}: exists with other content; pass --overwrite or choose another place"
        )
    write_bytes(path, content)
    return True


def sha256(content: bytes | memoryview) -> str:
    """Hexadecimal SHA-256 of ``content``."""
    return hashlib.sha256(content).hexdigest()


def sha256_file(path: Path) -> str:
    """Hexadecimal SHA-256 of a file, read in pieces."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sweep_temporaries(folder: Path) -> None:
    """Remove what a killed process left unfinished directly in ``folder``; hold its lock first."""
    if folder.is_dir():
        for leftover in folder.glob(f".*{TEMPORARY_MARK}*"):
            if leftover.is_file():
                leftover.unlink(missing_ok=True)


@contextmanager
def lock(folder: Path, *, purpose: str) -> Iterator[None]:
    """Hold ``folder`` for this process; the lock dies with its owner.

    Raises:
        LockedError: Another process holds it; the message names the process.
        OutputError: The folder cannot be made or written.
    """
    path = folder / ".lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise OutputError(f"{folder}: cannot use this folder: {reason(error)}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 200).decode("utf-8", "replace").strip()
            raise LockedError(
                f"{folder}: in use by {holder or 'another process'}; "
                "wait for it or choose another folder"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()} ({purpose})\n".encode(), 0)
        yield
        # An empty file is all that a finished command leaves: the same bytes every time.
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make renames inside ``folder`` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def reason(error: OSError) -> str:
    """What the system says, without the path it repeats."""
    return error.strerror.lower() if error.strerror else str(error)


def _sync(descriptor: int) -> None:
    """Ask the drive itself where the system allows it (macOS), else the system."""
    full_sync = getattr(fcntl, "F_FULLFSYNC", None)
    if full_sync is None:
        os.fsync(descriptor)
    else:
        fcntl.fcntl(descriptor, full_sync)
