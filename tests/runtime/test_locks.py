from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from soundgan.errors import LockedError, OutputError
from soundgan.reporting import SilentReporter
from soundgan.runtime import locks
from soundgan.runtime.locks import HOLDER, LOCK, NO_LOCKS, held_still, lock
from tests.listeners import Listener

SCRIPT = """
import fcntl, sys
from pathlib import Path
from soundgan.reporting import SilentReporter
from soundgan.runtime.locks import lock

def none(*_):
    raise OSError(int(sys.argv[2]), "no locks")

if sys.argv[2] != "0":
    fcntl.flock = none
with lock(Path(sys.argv[1]), purpose="a test", reporter=SilentReporter()):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=[0, errno.ENOLCK], ids=["locks", "no locks"])
def disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """A disk with locks, and one without: what it says to ``flock``."""
    number = int(request.param)
    if number:
        no_locks(monkeypatch, number)
    return number


def no_locks(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def flock(descriptor: int, kind: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)


def mine(folder: Path) -> None:
    with lock(folder, purpose="mine", reporter=SilentReporter()):
        pass


def test_a_second_process_is_told_who_holds_the_folder(disk: int, tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path), str(disk)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    in_use = rf"in use by process {holder.pid} \(a test\)"
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LockedError, match=in_use):
            mine(tmp_path)
        with pytest.raises(LockedError, match=in_use), held_still(tmp_path):
            pass
        holder.kill()
    mine(tmp_path)  # the lock died with its owner
    with held_still(tmp_path):
        pass


def test_all_that_a_finished_command_leaves_is_an_empty_file(disk: int, tmp_path: Path) -> None:
    mine(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {LOCK: b""}


@pytest.mark.parametrize("number", sorted(NO_LOCKS))
def test_a_disk_without_locks_is_a_warning(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_locks(monkeypatch, number)
    listener = Listener()
    with lock(tmp_path, purpose="mine", reporter=listener):
        assert (tmp_path / HOLDER).is_file()
    assert len(listener.warned) == 1
    assert f"{tmp_path}: this disk has no locks (" in listener.warned[0]


def test_another_answer_of_the_disk_is_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_locks(monkeypatch, errno.EIO)
    with pytest.raises(OutputError, match="cannot use this folder"):
        mine(tmp_path)


@pytest.mark.parametrize(
    "holder",
    [
        "process 1 (soundgan train) on another-computer\n123\n",  # nobody can tell if it is alive
        "",  # being written just now
        "process x (soundgan train) on {here}\n123\n",
        "process {mine} (soundgan train) on {here}\n{begin}\n",
    ],
)
def test_a_holder_that_may_be_alive_is_left_alone_and_the_way_out_named(
    holder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_locks(monkeypatch, errno.ENOLCK)
    me = os.getpid()
    text = holder.format(here=locks._here(), mine=me, begin=locks._begin_of(me))
    (tmp_path / HOLDER).write_text(text)
    with pytest.raises(LockedError, match=f"or remove {tmp_path / HOLDER} if that process is gone"):
        mine(tmp_path)
    assert (tmp_path / HOLDER).read_text() == text


def test_a_holder_whose_number_another_process_has_now_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("nobody tells when a process began")
    no_locks(monkeypatch, errno.ENOLCK)
    (tmp_path / HOLDER).write_text(f"process {os.getpid()} (mine) on {locks._here()}\n1\n")
    mine(tmp_path)


def test_a_lock_that_is_a_file_of_somebody_else_is_left_as_it_is(disk: int, tmp_path: Path) -> None:
    other, folder = tmp_path / "other", tmp_path / "folder"
    folder.mkdir()
    other.write_text("precious")
    (folder / LOCK).hardlink_to(other)
    with (
        pytest.raises(OutputError, match=r"\.lock: not a lock of soundgan; remove it"),
        lock(folder, purpose="mine", reporter=SilentReporter()),
    ):
        pass
    assert other.read_text() == "precious"
    # A copy of a run by hard links has locks of two names, which are locks all the same.
    for content in ("", "process 1 (soundgan train)\n"):
        other.write_text(content)
        with lock(folder, purpose="mine", reporter=SilentReporter()):
            pass
