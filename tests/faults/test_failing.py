"""The disk refuses: one line, exit code 1, nothing half-written, the last good files intact."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from soundgan.runtime.files import TEMPORARY_MARK
from tests.faults.children import Ended, Server, tree
from tests.faults.conftest import NAMES, Whole
from tests.faults.injector import Injector
from tests.faults.remains import artefacts, damages

FAULTS = {
    "full": (errno.ENOSPC, True),
    "quota": (errno.EDQUOT, False),
    "broken": (errno.EIO, False),
    "read-only": (errno.EROFS, False),
}
SOME = {"prepare": 13, "prepare again": 13, "train": 37, "generate": 11, "invert": 7}
"""Every so many-th operation is tried in the default run, each with the next fault."""


def refuse(server: Server, whole: Whole, number: int, fault: str, folder: Path) -> list[str]:
    """Let an operation of the job fail, then run it again; what is wrong then."""
    out = whole.job.set_up(folder)
    code, full = FAULTS[fault]
    faults = Injector(out, number, code, full)
    ended = server.run(whole.job.arguments, folder=folder, faults=faults)
    wrong = [*complaints(ended, os.strerror(code), whole, out), *damages(out, whole)]
    again = server.run(whole.job.arguments, folder=folder)
    if again.status != 0 or tree(out) != whole.tree:
        wrong.append(f"again: left with {again.status}: {again.stderr}")
    return [f"{number}, {whole.operations[number]}, {fault}: {line}" for line in wrong]


def complaints(ended: Ended, why: str, whole: Whole, out: Path) -> Iterator[str]:
    """What a command that met a fault did wrong."""
    lines = ended.stderr.splitlines()
    if ended.status == 0:  # it failed to clean up, which is made up for next time
        if artefacts(out).items() != {k: v for k, v in whole.tree.items() if k != ".lock"}.items():
            yield "left with 0, but with other bytes"
    elif ended.status != 1 or len(lines) != 1 or not lines[0].startswith("error: "):
        yield f"left with {ended.status}: {ended.stderr}"
    elif why.lower() not in lines[0]:
        yield f"does not say why: {lines[0]}"
    yield from (f"left {path}" for path in out.rglob(f".*{TEMPORARY_MARK}*"))


@pytest.mark.parametrize("name", NAMES)
def test_some_operations_that_fail_are_told_in_one_line_and_can_be_made_up_for(
    name: str, server: Server, whole: dict[str, Whole], tmp_path: Path
) -> None:
    wrong = []
    for turn, number in enumerate(range(1, len(whole[name].operations), SOME[name])):
        fault = list(FAULTS)[turn % len(FAULTS)]
        wrong += refuse(server, whole[name], number, fault, tmp_path / "x")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_any_operation_that_fails_is_told_in_one_line_and_can_be_made_up_for(
    name: str, server: Server, whole: dict[str, Whole], tmp_path: Path
) -> None:
    wrong = []
    for number in range(len(whole[name].operations)):
        fault = list(FAULTS)[number % len(FAULTS)]
        wrong += refuse(server, whole[name], number, fault, tmp_path / "x")
    assert not wrong, "\n".join(wrong)
