"""Two processes on one folder."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from soundgan.reporting import SilentReporter
from soundgan.runtime import files
from soundgan.runtime.locks import lock
from tests.faults.children import UNREPORTED, Server, tree
from tests.faults.conftest import Whole


@contextmanager
def holder(server: Server, folder: Path, name: str) -> Iterator[int]:
    """A process that holds the lock of a command and does nothing else."""
    ready = folder.parent / "ready"
    child = server.fork(
        f"{__name__}:hold", folder=folder.parent, locked=str(folder), name=name, ready=str(ready)
    )
    while not ready.exists():
        time.sleep(0.005)
    ready.unlink()
    yield child
    os.kill(child, signal.SIGKILL)
    assert server.wait(child) == -signal.SIGKILL


def hold(locked: str, name: str, ready: str) -> int:
    """In a child."""
    with lock(Path(locked), purpose=f"soundgan {name}", reporter=SilentReporter()):
        Path(ready).touch()
        time.sleep(600)
    return 0


def nothing() -> int:
    """In a child."""
    return 0


@pytest.mark.parametrize("name", ["prepare", "train"])
def test_the_second_is_told_who_works_there_and_the_lock_dies_with_its_owner(
    name: str, server: Server, whole: dict[str, Whole], tmp_path: Path
) -> None:
    job = whole[name].job
    out = tmp_path / job.out
    with holder(server, out, name) as child:
        before = tree(out)
        ended = server.run(job.arguments, folder=tmp_path)
        assert ended.status == 11
        assert ended.stderr == (
            f"error: {job.out}: in use by process {child} (soundgan {name}); "
            "wait for it or choose another folder\n"
        )
        assert tree(out) == before
    assert server.run(job.arguments, folder=tmp_path).status == 0
    assert tree(out) == whole[name].tree


@pytest.mark.parametrize("name", ["generate", "invert"])
def test_two_that_need_no_lock_fill_one_folder_together(
    name: str, server: Server, whole: dict[str, Whole], tmp_path: Path
) -> None:
    job = whole[name].job
    children = [server.fork(UNREPORTED, folder=tmp_path, arguments=job.arguments) for _ in range(3)]
    assert [server.wait(child) for child in children] == [0, 0, 0]
    assert tree(tmp_path / job.out) == whole[name].tree


def test_what_a_living_process_writes_is_not_swept_away(server: Server, tmp_path: Path) -> None:
    alive = tmp_path / f".a.wav{files.TEMPORARY_MARK}{os.getppid()}"
    dead = tmp_path / f".b.wav{files.TEMPORARY_MARK}{wait_for_a_dead_process(server, tmp_path)}"
    never = tmp_path / f".c.wav{files.TEMPORARY_MARK}{10**30}"
    for path in (alive, dead, never):
        path.write_bytes(b"half")
    files.sweep_temporaries(tmp_path, held=False)
    assert (alive.exists(), dead.exists(), never.exists()) == (True, False, False)
    files.sweep_temporaries(tmp_path, held=True)
    assert not alive.exists()


def wait_for_a_dead_process(server: Server, folder: Path) -> int:
    child = server.fork(f"{__name__}:nothing", folder=folder)
    assert server.wait(child) == 0
    return child
