"""Files below a folder, in an order that depends on nothing but their names."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from soundgan.errors import UsageError


@dataclass(frozen=True)
class Listing:
    """What was found below a folder.

    Attributes:
        files: Paths relative to the folder, ``/`` between their parts, sorted by their bytes.
            Bytes that do not decode stand as surrogates (``os.fsencode`` gives them back).
        unreadable: Folders that could not be listed.
    """

    files: tuple[str, ...]
    unreadable: tuple[str, ...]


def list_files(folder: Path, *, without: Path | None = None) -> Listing:
    """Regular files below ``folder`` whose name, and whose folders' names, have no leading dot.

    Links to files count as files; links to folders are not followed, so a loop cannot trap the
    walk. Pipes, sockets and devices are not listed. Nothing is opened.

    Args:
        folder: Where to look.
        without: A folder to leave out, wherever and under whatever name it turns up.

    Raises:
        UsageError: ``folder`` does not exist or is not a folder.
    """
    if not folder.is_dir():
        problem = "is a file; give the folder it is in" if folder.exists() else "no such folder"
        raise UsageError(f"{folder}: {problem}")
    skipped = _identity(without.stat()) if without is not None and without.is_dir() else None
    files: list[str] = []
    unreadable: list[str] = []
    waiting = [""]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(folder / place) as entries:
                found = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError:
            unreadable.append(place or ".")
            continue
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                if skipped is None or _identity(entry.stat(follow_symlinks=False)) != skipped:
                    waiting.append(f"{place}{entry.name}/")
            elif _is_file(entry):
                files.append(f"{place}{entry.name}")
    return Listing(tuple(sorted(files, key=os.fsencode)), tuple(sorted(unreadable)))


def display(path: str) -> str:
    r"""A path as text that can be stored anywhere: bytes that are not UTF-8 stand as ``\xff``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is a regular file, or a link that leads to one."""
    try:
        return entry.is_file()
    except OSError:  # links that lead in a circle
        return False


def _identity(status: os.stat_result) -> tuple[int, int]:
    return (status.st_dev, status.st_ino)
