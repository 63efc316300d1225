"""Makes the N-th operation on the files of one folder fail, or kills the process in its place.

Every function of ``os`` that changes files is replaced, and ``open`` for writing, so that it does
not matter who calls: the package's own module for files, ``pathlib`` or ``shutil``. Meant for
child processes: nothing is put back.
"""

from __future__ import annotations

import builtins
import hashlib
import io
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

KILL = -signal.SIGKILL
"""In place of an ``errno``: the process dies."""

BY_PATH = ("mkdir", "replace", "rename", "unlink", "remove", "rmdir", "link", "symlink", "truncate")
BY_DESCRIPTOR = ("fsync", "ftruncate", "pwrite")
NEEDS_SPACE = ("open", "write")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
Act = Callable[[], Any]


def _nothing() -> None:
    pass


@dataclass
class Injector:
    """Counts what changes files below ``root``, and lets one operation go wrong.

    Attributes:
        root: The folder, without links on the way.
        at: Number of the operation, from 0; ``None`` only counts.
        fault: An ``errno``, or ``KILL``.
        full: Later operations that need space fail too, as on a full disk.
        done: What was asked for so far, by name of operation and file.
        whole: Name and hash of every file that was put in its place.
    """

    root: Path
    at: int | None = None
    fault: int = KILL
    full: bool = False
    done: list[str] = field(default_factory=list)
    whole: list[tuple[str, str]] = field(default_factory=list)

    @property
    def plan(self) -> dict[str, Any]:
        """All that has to be said to make the same one in another process."""
        return {"root": str(self.root), "at": self.at, "fault": self.fault, "full": self.full}

    @classmethod
    def of(cls, plan: dict[str, Any]) -> Injector:
        """The one that a plan is of."""
        return cls(**(plan | {"root": Path(plan["root"])}))

    def install(self) -> None:
        """Replace the functions, in this process and for good."""
        for name in BY_PATH:
            setattr(os, name, self._by_path(name, getattr(os, name)))
        for name in BY_DESCRIPTOR:
            setattr(os, name, self._by_descriptor(name, getattr(os, name)))
        os.open = self._os_open(os.open)
        builtins.open = io.open = self._open(builtins.open)

    def guard(self, name: str, path: Path, act: Act, spoil: Act = _nothing) -> Any:
        """Count an operation on a file and do it, or let it go wrong.

        Args:
            name: Of the operation.
            path: Of the file.
            act: Does it.
            spoil: Does a part of it.
        """
        if self.root != path and self.root not in path.parents:
            return act()
        number = len(self.done)
        self.done.append(f"{name} {path.relative_to(self.root)}")
        failed = self.at is not None and number >= self.at
        if not failed or (number != self.at and not (self.full and name in NEEDS_SPACE)):
            return act()
        spoil()
        if self.fault == KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(self.fault, os.strerror(self.fault), str(path))

    def _by_path(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *args: Any, **named: Any) -> Any:
            act = partial(real, path, *args, **named)
            place = _place(path, named.get("dir_fd"))
            if name == "replace" and self.root in place.parents:
                digest = hashlib.sha256(place.read_bytes()).hexdigest()
                self.whole.append((str(_place(args[0]).relative_to(self.root)), digest))
            return self.guard(name, place, act)

        return call

    def _by_descriptor(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(descriptor: int, *args: Any) -> Any:
            # The machine stays on, whatever becomes of the process: there is nothing to sync.
            act = _nothing if name == "fsync" else partial(real, descriptor, *args)
            return self.guard(name, _path_of(descriptor), act)

        return call

    def _os_open(self, real: Callable[..., int]) -> Callable[..., int]:
        def call(path: Any, flags: int, *args: Any, **named: Any) -> int:
            act = partial(real, path, flags, *args, **named)
            if not flags & WRITING:
                return act()
            return int(self.guard("open", _place(path, named.get("dir_fd")), act))

        return call

    def _open(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(file: Any, mode: str = "r", *args: Any, **named: Any) -> Any:
            act = partial(real, file, mode, *args, **named)
            if isinstance(file, int) or not set(mode) & set("wax+"):
                return act()
            path = _place(file)
            return _File(self.guard("open", path, act), path, self)

        return call


class _File:
    """A file whose writing can fail half-way."""

    def __init__(self, file: Any, path: Path, injector: Injector) -> None:
        self._file, self._path, self._injector = file, path, injector

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, content: Any) -> Any:
        def half() -> None:
            self._file.write(content[: len(content) // 2])
            self._file.flush()

        return self._injector.guard("write", self._path, partial(self._file.write, content), half)


def _place(path: Any, dir_fd: int | None = None) -> Path:
    above = Path.cwd() if dir_fd is None else _path_of(dir_fd)
    return above / os.fsdecode(path)


def _path_of(descriptor: int) -> Path:
    """What a descriptor stands for, as Linux tells."""
    return Path(f"/proc/self/fd/{descriptor}").readlink()
