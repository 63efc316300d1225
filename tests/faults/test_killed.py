"""Kill -9 anywhere, run the same command again: the same bytes as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.faults.children import UNREPORTED, Server, tree
from tests.faults.conftest import NAMES, Whole
from tests.faults.injector import KILL, Injector
from tests.faults.remains import damages

SOME = {"prepare": 17, "prepare again": 17, "train": 41, "generate": 11, "invert": 11}
"""Every so many-th operation is tried in the default run: with each, all kinds of them."""


def survive(server: Server, whole: Whole, number: int, folder: Path) -> list[str]:
    """Kill the job at an operation, run it again; what is wrong then."""
    out = whole.job.set_up(folder)
    at = whole.operations[number]
    killed = server.run(whole.job.arguments, folder=folder, faults=Injector(out, number, KILL))
    wrong = list(damages(out, whole))
    again = server.run(whole.job.arguments, folder=folder)
    if (killed.status, again.status) != (KILL, 0):
        wrong.append(f"left with {killed.status}, then {again.status}: {again.stderr}")
    elif (found := tree(out)) != whole.tree:
        different = sorted(dict(found.items() ^ whole.tree.items()))
        wrong.append(f"other bytes in {', '.join(different)}")
    return [f"{number}, {at}: {line}" for line in wrong]


@pytest.mark.parametrize("name", NAMES)
def test_killed_at_some_operations_the_same_command_leaves_the_same_bytes(
    name: str, server: Server, whole: dict[str, Whole], tmp_path: Path
) -> None:
    some = range(3, len(whole[name].operations), SOME[name])
    wrong = [
        line for number in some for line in survive(server, whole[name], number, tmp_path / "x")
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_killed_at_any_operation_the_same_command_leaves_the_same_bytes(
    name: str, server: Server, whole: dict[str, Whole], tmp_path: Path
) -> None:
    every = range(len(whole[name].operations))
    wrong = [
        line for number in every for line in survive(server, whole[name], number, tmp_path / "x")
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_killed_at_thirty_random_moments_the_same_command_leaves_the_same_bytes(
    name: str, server: Server, whole: dict[str, Whole], tmp_path: Path
) -> None:
    job, chance = whole[name].job, random.Random(7)
    job.set_up(tmp_path / "timed")
    began = time.monotonic()
    assert server.run(job.arguments, folder=tmp_path / "timed").status == 0
    seconds = time.monotonic() - began
    kills = 0
    while kills < 30:
        out = job.set_up(tmp_path / "x")
        for _ in range(3):  # killed again while it makes up for the kill before
            child = server.fork(UNREPORTED, folder=tmp_path / "x", arguments=job.arguments)
            time.sleep(chance.uniform(0.0, seconds))
            os.kill(child, signal.SIGKILL)
            kills += server.wait(child) == KILL
            assert list(damages(out, whole[name])) == []
        assert server.run(job.arguments, folder=tmp_path / "x").status == 0
        assert tree(out) == whole[name].tree
