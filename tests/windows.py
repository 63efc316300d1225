"""What SoundGAN's own code would meet on Windows, as far as another system can play it.

``python -X warn_default_encoding -m tests.windows COMMAND ...`` runs a command so, and
:func:`install` does it to a process that has not imported SoundGAN yet:

- its modules see ``sys.platform == "win32"`` and none of the modules, functions, flags and signals
  that Windows lacks; other libraries see the system as it is;
- a file that this process holds open, or has mapped, can be neither replaced nor removed;
- names that Windows refuses cannot be written, nor can paths of 260 characters or more;
- text files cannot be opened in whatever encoding the system prefers.

It says nothing about drive letters, backslashes, consoles, the real libraries of Windows, or the
speed of anything.
"""

from __future__ import annotations

import builtins
import errno
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

GONE = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "termios", "tty"}

LACKING = {
    "os": {
        "chown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getpgid", "getpgrp", "getuid",
        "killpg", "mkfifo", "openpty", "posix_spawn", "pread", "preadv", "pwrite", "pwritev",
        "sched_getaffinity", "setpgid", "setsid", "statvfs", "sysconf", "uname", "wait", "waitid",
        "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "O_SYNC", "O_TMPFILE", "WNOHANG",
    },
    "signal": {name for name in dir(signal) if re.match("(SIG|SIG_.*MASK|ITIMER|pthread)", name)}
    - {"SIGABRT", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM", "SIG_DFL", "SIG_IGN"},
    "select": {"epoll", "kqueue", "poll", "POLLIN", "POLLOUT"},
    "subprocess": set(),
    "sys": set(),
}  # fmt: skip

REFUSED = re.compile(
    r'.*[<>:"|?*\\\x00-\x1f]|.*[ .]$|(con|prn|aux|nul|com\d|lpt\d)(\..*)?$', re.IGNORECASE
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Popen(subprocess.Popen[Any]):
    """Starts processes as Windows can."""

    def __init__(self, *arguments: Any, creationflags: int = 0, **options: Any) -> None:
        for name in ("pass_fds", "preexec_fn", "start_new_session", "process_group", "user"):
            if options.get(name):
                raise ValueError(f"{name} is not supported on Windows platforms")
        super().__init__(*arguments, start_new_session=bool(creationflags & 0x200), **options)


class Seen(ModuleType):
    """A module as Windows has it; what is there is asked of the true one, whenever it is used."""

    def __init__(self, true: ModuleType, **own: Any) -> None:
        super().__init__(true.__name__)
        vars(self).update(own, _true=true)

    def __getattr__(self, name: str) -> Any:
        if name in LACKING[self.__name__]:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return getattr(self._true, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._true, name, value)


class Loader(SourceFileLoader):
    """Loads a module that imports what :func:`_import` gives."""

    def exec_module(self, module: ModuleType) -> None:
        vars(module)["__builtins__"] = vars(builtins) | {"__import__": _import}
        super().exec_module(module)


class Finder(MetaPathFinder):
    """Finds SoundGAN's modules for :class:`Loader`."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] != "soundgan":
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = Loader(fullname, spec.loader.path)
        return spec


def install() -> None:
    """Make this process, and the workers that it starts, such a Windows."""
    assert "soundgan" not in sys.modules
    sys.meta_path.insert(0, Finder())
    sys.addaudithook(_refuse_names)
    shutil._use_fd_functions = False  # type: ignore[attr-defined] # paths can be judged
    for name, paths in (("replace", 2), ("rename", 2), ("remove", 1), ("unlink", 1)):
        setattr(os, name, _while_nobody_has_it(getattr(os, name), paths))
    warnings.filterwarnings("error", category=EncodingWarning, module=r"soundgan\.")
    from soundgan.ingest import pool  # noqa: PLC0415 - seen only from now on

    pool._COMMAND = pool._COMMAND.replace(
        "from soundgan", "from tests.windows import install; install(); from soundgan", 1
    )


def _import(name: str, *arguments: Any, **named: Any) -> ModuleType:
    if name in GONE:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return SEEN.get(name) or builtins.__import__(name, *arguments, **named)


def _open(path: Any, flags: int, *arguments: Any, **named: Any) -> int:
    if os.path.isdir(path):  # noqa: PTH112
        raise PermissionError(errno.EACCES, "Permission denied", path)
    return os.open(path, flags, *arguments, **named)


def _kill(process: int, number: int) -> None:
    if number in (0, 1):  # Ctrl-C and Ctrl-Break there
        raise AssertionError(f"os.kill(..., {number}) interrupts whoever is there")
    os.kill(process, signal.SIGKILL)  # whatever the number


def _select(*_: Any) -> Any:
    raise OSError(10038, "An operation was attempted on something that is not a socket")


def _while_nobody_has_it(function: Callable[..., None], paths: int) -> Callable[..., None]:
    def guarded(*arguments: Any, **named: Any) -> None:
        for path in arguments[:paths]:
            if _is_in_use(os.path.realpath(os.fsdecode(path))):
                raise PermissionError(errno.EACCES, "The process cannot access the file", path)
        function(*arguments, **named)

    return guarded


def _is_in_use(place: str) -> bool:
    for number in os.listdir("/proc/self/fd"):  # noqa: PTH208
        try:
            if os.readlink(f"/proc/self/fd/{number}") == place:  # noqa: PTH115
                return True
        except OSError:
            continue  # that of the folder, gone by now
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
        return any(line.rstrip("\n").endswith(f" {place}") for line in maps)


def _refuse_names(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITING):
        return
    if event in ("open", "os.mkdir", "os.rename"):
        path = arguments[event == "os.rename"]
        if isinstance(path, int) or path is None:
            return
        if len(os.path.abspath(os.fsdecode(path))) >= 260:  # noqa: PTH100
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", path)
        name = os.path.basename(os.fsdecode(path))  # noqa: PTH119
        if REFUSED.match(name):
            raise OSError(errno.EINVAL, "The filename, directory name, or volume label", name)


ERRORS = ModuleType("msvcrt")
ERRORS.SetErrorMode = lambda mode: 0  # type: ignore[attr-defined]
ERRORS.SEM_FAILCRITICALERRORS, ERRORS.SEM_NOGPFAULTERRORBOX = 1, 2  # type: ignore[attr-defined]

SEEN = {
    "msvcrt": ERRORS,
    "os": Seen(os, O_BINARY=0, O_NOINHERIT=os.O_CLOEXEC, open=_open, kill=_kill),
    "select": Seen(select, select=_select),
    "signal": Seen(signal, SIGBREAK=21),
    "subprocess": Seen(subprocess, CREATE_NEW_PROCESS_GROUP=0x200, Popen=Popen),
    "sys": Seen(sys, platform="win32"),
}

if __name__ == "__main__":
    install()
    sys.argv[0] = "soundgan"
    from soundgan.cli.app import main

    main()
