"""Files below a folder, in an order that depends on nothing but their names."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from soundgan.audio.sniff import has_audio_suffix
from soundgan.errors import UsageError

_HIDDEN_ENTRIES = 2000
"""How much of a hidden folder is looked through for names of sounds."""

Refuse = Callable[[Path, frozenset[str]], str | None]
"""Takes a folder and the names in it; says why it is not to be entered, or ``None``."""


@dataclass(frozen=True, order=True)
class PassedOver:
    """Something that was not looked at, though it may lead to sounds.

    Attributes:
        path: Relative to the folder, as in :class:`Listing`.
        reason: Why.
        lost: Whether sounds are missing that somebody may have meant to give.
    """

    path: str
    reason: str
    lost: bool = False


@dataclass(frozen=True)
class Listing:
    """What was found below a folder.

    Attributes:
        files: Paths relative to the folder, ``/`` between their parts, sorted by their bytes.
            Bytes that do not decode stand as surrogates (``os.fsencode`` gives them back).
        unreadable: Folders that could not be listed.
        passed_over: What else was not looked at.
    """

    files: tuple[str, ...]
    unreadable: tuple[str, ...]
    passed_over: tuple[PassedOver, ...] = ()

    @property
    def not_looked_at(self) -> list[PassedOver]:
        """Everything that was not looked at, sorted."""
        closed = [PassedOver(folder, "cannot be read", lost=True) for folder in self.unreadable]
        return sorted([*closed, *self.passed_over])


def list_files(
    folder: Path, *, without: Path | None = None, refuse: Refuse | None = None
) -> Listing:
    """Regular files below ``folder`` whose name, and whose folders' names, have no leading dot.

    Links to files and folders are followed. No folder is entered twice, by whatever names it is
    reached: a true folder counts before a link to it, and links count in the order of their
    names. Pipes, sockets and devices are not listed. No file is opened.

    Args:
        folder: Where to look.
        without: A folder to leave out, wherever and under whatever name it turns up.
        refuse: Folders below ``folder`` that are not to be entered.

    Raises:
        UsageError: ``folder`` does not exist or is not a folder.
    """
    if not folder.is_dir():
        problem = "is a file; give the folder it is in" if folder.exists() else "no such folder"
        raise UsageError(f"{folder}: {problem}")
    walk = _Walk(folder, refuse)
    if without is not None and without.is_dir():
        walk.left_out = _identity(without.stat())
    walk.enter("")
    while walk.links:
        walk.links.sort(key=os.fsencode, reverse=True)
        walk.follow(walk.links.pop())
    return Listing(
        tuple(sorted(walk.files, key=os.fsencode)),
        tuple(sorted(walk.unreadable)),
        tuple(sorted(walk.passed_over)),
    )


def display(path: str) -> str:
    r"""A path as text that can be stored anywhere: bytes that are not UTF-8 stand as ``\xff``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


class _Walk:
    """A walk through a folder, true folders first; links wait until it is done."""

    def __init__(self, folder: Path, refuse: Refuse | None) -> None:
        self.files: list[str] = []
        self.unreadable: list[str] = []
        self.passed_over: list[PassedOver] = []
        self.links: list[str] = []
        self.left_out: tuple[int, int] | None = None
        self._folder = folder
        self._refuse = refuse
        self._entered: dict[tuple[int, int], str] = {}

    def enter(self, place: str) -> None:
        """Everything below a folder that is named by its path and a slash; "" is the root."""
        waiting = [place]
        while waiting:
            place = waiting.pop()
            try:
                identity = _identity((self._folder / place).stat())
                with os.scandir(self._folder / place) as entries:
                    found = sorted(entries, key=lambda entry: os.fsencode(entry.name))
            except OSError:
                self.unreadable.append(place or ".")
                continue
            if identity == self.left_out or self._turned_down(place, identity, found):
                continue
            self._entered[identity] = place
            waiting += [
                f"{place}{entry.name}/"
                for entry in reversed(found)
                if self._take(f"{place}{entry.name}", entry)
            ]

    def follow(self, path: str) -> None:
        """A link to a folder."""
        link = self._folder / path
        try:
            identity = _identity(link.stat())
            around = Path(os.path.realpath(link.parent))
            above = [_identity(parent.stat()) for parent in (around, *around.parents)]
        except OSError:
            self.unreadable.append(f"{path}/")
            return
        if identity in above and identity not in self._entered:
            self._pass(path, "a link to a folder that holds it")
        elif identity != self.left_out:
            self.enter(f"{path}/")

    def _take(self, path: str, entry: os.DirEntry[str]) -> bool:
        """Note one entry; true for a folder to enter."""
        if entry.name.startswith("."):
            self._look_at_hidden(path, entry)
        elif entry.is_dir(follow_symlinks=False):
            return True
        elif _is(os.DirEntry.is_dir, entry):
            self.links.append(path)
        elif _is(os.DirEntry.is_file, entry):
            self.files.append(path)
        elif entry.is_symlink() and not _exists(entry):
            audible = has_audio_suffix(path) or "." not in entry.name
            self._pass(path, "a link to nothing", lost=audible)
        elif has_audio_suffix(path):
            self._pass(path, "not a regular file")
        return False

    def _turned_down(
        self, place: str, identity: tuple[int, int], found: list[os.DirEntry[str]]
    ) -> bool:
        reason = None
        if identity in self._entered:
            there = self._entered[identity].rstrip("/")
            reason = f"the same folder as {display(there)}" if there else "leads back to the start"
        elif self._refuse is not None and place:
            names = frozenset(entry.name for entry in found)
            reason = self._refuse(self._folder / place, names)
        if reason is not None:
            self._pass(place.rstrip("/"), reason)
        return reason is not None

    def _look_at_hidden(self, path: str, entry: os.DirEntry[str]) -> None:
        """Name what starts with a dot where it looks like sounds."""
        if entry.is_dir(follow_symlinks=False):
            if _names_a_sound(entry.path):
                self._pass(path, "hidden, with sounds in it")
        # "._name" are notes that macOS leaves beside every file of a foreign disk.
        elif has_audio_suffix(path) and not entry.name.startswith("._"):
            self._pass(path, "hidden")

    def _pass(self, path: str, reason: str, *, lost: bool = False) -> None:
        self.passed_over.append(PassedOver(path, reason, lost))


def _names_a_sound(folder: str) -> bool:
    """Whether a file below a hidden folder is named like audio, as far as that is quickly seen."""
    seen = 0
    for _, folders, names in os.walk(folder):
        folders.sort()  # the same answer in any order of the disk
        if any(has_audio_suffix(name) and not name.startswith("._") for name in names):
            return True
        seen += len(folders) + len(names)
        if seen > _HIDDEN_ENTRIES:
            return False
    return False


def _is(kind: Callable[[os.DirEntry[str]], bool], entry: os.DirEntry[str]) -> bool:
    """Whether it, or what it leads to, is of a kind."""
    try:
        return kind(entry)
    except OSError:  # links that lead in a circle
        return False


def _exists(entry: os.DirEntry[str]) -> bool:
    try:
        entry.stat()
    except OSError:
        return False
    return True


def _identity(status: os.stat_result) -> tuple[int, int]:
    return (status.st_dev, status.st_ino)
