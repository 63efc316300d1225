"""Whatever the circumstances, the same command leaves the same bytes."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.children import Server, invoke, tree
from tests.faults.conftest import NAMES, Whole


def turkish() -> None:
    """Where i has no dot above when large, and a number's comma is a comma."""
    os.environ |= {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "LANGUAGE": "tr"}


def plain_c() -> None:
    os.environ |= {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"}


def kathmandu() -> None:
    import time

    os.environ["TZ"] = "Asia/Kathmandu"
    time.tzset()


def strict_mask() -> None:
    os.umask(0o077)


def two_threads() -> None:
    import torch

    torch.set_num_threads(2)


def other_order() -> None:
    """Folders are listed in an order of their own."""
    listed, scanned, chance = os.listdir, os.scandir, random.Random(3)

    class Scanned(list):  # type: ignore[type-arg]
        def __enter__(self) -> Scanned:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def __next__(self) -> os.DirEntry[str]:
            if not self:
                raise StopIteration
            return self.pop()

    def listdir(path: str = ".") -> list[str]:
        return chance.sample(names := listed(path), len(names))

    def scandir(path: str = ".") -> Scanned:
        with scanned(path) as entries:
            found = list(entries)
        return Scanned(chance.sample(found, len(found)))

    os.listdir = listdir  # type: ignore[assignment]
    os.scandir = scandir  # type: ignore[assignment]


def jumping_clock() -> None:
    """The time of day goes back an hour with every look, and forth by a year now and then."""
    import time

    real, chance = time.time, random.Random(4)

    def jump() -> float:
        return real() + chance.choice([-3600.0, -3600.0 * 24 * 400, 3600.0 * 24 * 365])

    time.time = jump
    time.time_ns = lambda: int(jump() * 1e9)


def seeded_elsewhere() -> None:
    """Streams that everybody shares stand somewhere else."""
    import numpy as np
    import torch

    random.seed(99)
    np.random.seed(99)  # noqa: NPY002
    torch.manual_seed(99)


CIRCUMSTANCES: dict[str, Callable[[], None]] = {
    function.__name__: function
    for function in (
        turkish, plain_c, kathmandu, strict_mask, two_threads, other_order, jumping_clock,
        seeded_elsewhere,
    )
}  # fmt: skip

OTHER_WAYS = {
    "prepare": ["--jobs", "3"],
    "generate": ["--batch-size", "1"],
}
"""Options that change how the work is done, not what comes of it."""


def command_under(circumstance: str, arguments: list[str]) -> int:
    """In a child: the program in changed circumstances."""
    CIRCUMSTANCES[circumstance]()
    return invoke(arguments)[0]


@pytest.mark.parametrize("circumstance", CIRCUMSTANCES)
@pytest.mark.parametrize("name", NAMES)
def test_circumstances_change_no_byte(
    name: str, circumstance: str, server: Server, whole: dict[str, Whole], tmp_path: Path
) -> None:
    if (name, circumstance) == ("train", "two_threads"):
        pytest.skip("sums depend on the number of threads, which a run therefore keeps")
    job = whole[name].job
    out = job.set_up(tmp_path / "x")
    child = server.fork(
        f"{__name__}:command_under",
        folder=tmp_path / "x",
        circumstance=circumstance,
        arguments=job.arguments,
    )
    assert server.wait(child) == 0
    assert tree(out) == whole[name].tree


@pytest.mark.parametrize("name", OTHER_WAYS)
def test_how_the_work_is_shared_changes_no_byte(
    name: str, server: Server, whole: dict[str, Whole], tmp_path: Path
) -> None:
    job = whole[name].job
    out = job.set_up(tmp_path / "x")
    ended = server.run([*job.arguments, *OTHER_WAYS[name]], folder=tmp_path / "x")
    assert ended.status == 0, ended.stderr
    assert tree(out) == whole[name].tree
