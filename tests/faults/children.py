"""Commands in children of this process, which has imported everything already.

A fork costs milliseconds where a fresh interpreter needs seconds for torch, and is as real a
process to a signal.
"""

from __future__ import annotations

import json
import os
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from soundgan.runtime.files import sha256_file
from tests.faults.injector import Injector

CRASHED = 70
"""Exit status of a child that met an error nobody should see."""


@dataclass(frozen=True)
class Ended:
    """How a child ended.

    Attributes:
        status: Exit code, or minus the signal that killed it.
        stderr: What the command said; empty after a kill.
        operations: What it did to files; empty after a kill.
        whole: Name and hash of every file that it put in its place.
    """

    status: int
    stderr: str = ""
    operations: tuple[str, ...] = ()
    whole: frozenset[tuple[str, str]] = frozenset()


def fork(work: Callable[[], int], *, folder: Path) -> int:
    """Start a child that works in ``folder`` and leaves with what ``work`` returns; its id."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside threads
        child = os.fork()
    if child:
        return child
    status = CRASHED
    try:
        os.chdir(folder)
        status = work()
    except BaseException:  # noqa: BLE001 - or the child would go on as a second pytest
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(status)


def wait(child: int) -> int:
    """Exit code of a child, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run(arguments: list[str], *, folder: Path, faults: Injector | None = None) -> Ended:
    """One command in a child that works in ``folder``."""
    report = folder / ".ended.json"

    def work() -> int:
        if faults is not None:
            faults.install()
        code, stderr = invoke(arguments)
        document: dict[str, object] = {"stderr": stderr}
        if faults is not None:
            document |= {"operations": faults.done, "whole": faults.whole}
        report.write_text(json.dumps(document))
        return code

    status = wait(fork(work, folder=folder))
    if not report.exists():
        return Ended(status)
    document = json.loads(report.read_text())
    report.unlink()
    whole = frozenset((name, digest) for name, digest in document.get("whole", ()))
    return Ended(status, document["stderr"], tuple(document.get("operations", ())), whole)


def invoke(arguments: list[str]) -> tuple[int, str]:
    """Run the program in this process; exit code and stderr, with a traceback if there is one."""
    from typer.testing import CliRunner

    from soundgan.cli.app import app

    result = CliRunner().invoke(app, arguments)
    stderr = result.stderr
    if result.exc_info is not None and not isinstance(result.exception, SystemExit | None):
        stderr += "".join(traceback.format_exception(*result.exc_info))
        return CRASHED, stderr
    return result.exit_code, stderr


def tree(folder: Path) -> dict[str, str]:
    """The hash of every file below ``folder``."""
    return {
        str(path.relative_to(folder)): sha256_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
