"""Commands in children of a process that has imported everything already."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from soundgan.runtime.files import sha256_file
from tests.faults.injector import Injector
from tests.faults.server import CRASHED

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


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


class Server:
    """The process that forks; see ``tests/faults/server.py``."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.server"],
            cwd=Path(__file__).parents[2],
            env=os.environ | ONE_THREAD,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, function: str, *, folder: Path, **named: Any) -> Any:
        """What ``module:function`` returns in the server itself."""
        return self._ask({"function": function, "folder": str(folder), "named": named, "fork": 0})

    def fork(self, function: str, *, folder: Path, **named: Any) -> int:
        """Start a child that leaves with what ``module:function`` returns; its id."""
        request = {"function": function, "folder": str(folder), "named": named, "fork": 1}
        return int(self._ask(request))

    def wait(self, child: int) -> int:
        """Exit code of a child, or minus the signal that killed it."""
        return int(self._ask({"wait": child}))

    def run(
        self,
        arguments: list[str],
        *,
        folder: Path,
        faults: Injector | None = None,
        file_size: int | None = None,
    ) -> Ended:
        """One command in a child, to its end.

        Args:
            arguments: Of the program.
            folder: Where it works.
            faults: What goes wrong.
            file_size: Largest file that the system allows, in bytes.
        """
        report = folder.parent / f".{folder.name}.ended.json"
        child = self.fork(
            f"{__name__}:reported",
            folder=folder,
            arguments=arguments,
            report=str(report),
            faults=None if faults is None else faults.plan,
            file_size=file_size,
        )
        status = self.wait(child)
        if not report.exists():
            return Ended(status)
        document = json.loads(report.read_text())
        report.unlink()
        whole = frozenset((name, digest) for name, digest in document["whole"])
        return Ended(status, document["stderr"], tuple(document["operations"]), whole)

    def close(self) -> None:
        """End it, and with it nothing else: children live on."""
        for end in (self._process.stdin, self._process.stdout):
            assert end is not None
            end.close()
        self._process.wait(timeout=30)

    def _ask(self, request: dict[str, Any]) -> Any:
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        asked.write(json.dumps(request) + "\n")
        asked.flush()
        reply = answered.readline()
        assert reply, "the server has died"
        return json.loads(reply)


def reported(
    arguments: list[str], report: str, faults: dict[str, Any] | None, file_size: int | None
) -> int:
    """In a child: run the program and leave a report beside its folder."""
    import resource

    injector = None if faults is None else Injector.of(faults)
    if injector is not None:
        injector.install()
    if file_size is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, resource.RLIM_INFINITY))
    code, stderr = invoke(arguments)
    if file_size is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    document: dict[str, Any] = {"stderr": stderr, "operations": [], "whole": []}
    if injector is not None:
        document |= {"operations": injector.done, "whole": injector.whole}
    Path(report).write_text(json.dumps(document))
    return code


UNREPORTED = f"{__name__}:unreported"


def unreported(arguments: list[str]) -> int:
    """In a child: run the program."""
    return invoke(arguments)[0]


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


def make_quick() -> None:
    """In the server: one thread, workers in the process, and nothing that costs without writing.

    The curves are drawn as the text of their numbers.
    """
    import torch

    from soundgan.errors import ConfigError
    from soundgan.pipelines import recorders
    from soundgan.pipelines.prepare import ceiling
    from soundgan.pipelines.prepare import run as prepare_run
    from soundgan.runtime import memory
    from tests.curves import written_out
    from tests.ingest.conftest import InlinePool

    def off(_: object) -> None:
        raise ConfigError("off")

    torch.set_num_threads(1)
    patch = pytest.MonkeyPatch()  # never undone: the process does nothing else
    patch.setattr(ceiling, "measure_ceiling", off)
    patch.setattr(prepare_run, "Pool", InlinePool)
    patch.setattr(recorders, "curves_png", written_out)
    patch.setattr(recorders, "expected_seconds_per_step", lambda *_: 0.0)
    patch.setattr(memory, "keep_freed_memory", lambda: None)


def tree(folder: Path) -> dict[str, str]:
    """The hash of every file below ``folder``."""
    return {
        str(path.relative_to(folder)): sha256_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
