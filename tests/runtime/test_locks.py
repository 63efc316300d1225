from __future__ import annotations

import errno
import fcntl
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from soundgan.errors import LockedError, OutputError
from soundgan.reporting import SilentReporter
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


def begin_of(process: int) -> str:
    """When a process of this computer began, in the kernel's clock ticks."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]


@pytest.mark.parametrize(
    "holder", ["1\nanother-computer\n123\n", "{mine}\n{here}\n"], ids=["elsewhere", "alive"]
)
def test_a_holder_that_may_be_alive_is_left_alone_and_the_way_out_named(
    holder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_locks(monkeypatch, errno.ENOLCK)
    text = holder.format(here=socket.gethostname(), mine=os.getpid())
    (tmp_path / LOCK).write_text("process 77 (soundgan train)\n")
    (tmp_path / HOLDER).write_text(text)
    host = text.splitlines()[1]
    said = (
        rf"in use by process 77 \(soundgan train\) on {host}; wait for it, choose another folder, "
        rf"or remove {tmp_path / HOLDER} if that process is gone"
    )
    with pytest.raises(LockedError, match=said):
        mine(tmp_path)
    with pytest.raises(LockedError, match=said), held_still(tmp_path):
        pass
    assert (tmp_path / HOLDER).read_text() == text


def test_a_holder_whose_number_another_process_has_now_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("nobody tells when a process began")
    no_locks(monkeypatch, errno.ENOLCK)
    me, begin = os.getpid(), int(begin_of(os.getpid()))
    (tmp_path / HOLDER).write_text(f"{me}\n{socket.gethostname()}\n{begin - 1}\n")
    mine(tmp_path)


RACER = """
import fcntl, os, sys, time
from pathlib import Path
from soundgan.errors import LockedError
from soundgan.reporting import SilentReporter
from soundgan.runtime.locks import lock

def none(*_):
    raise OSError(37, "no locks")

fcntl.flock = none
folder = Path(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
try:
    with lock(folder, purpose="a race", reporter=SilentReporter()):
        os.open(folder / "inside", os.O_CREAT | os.O_EXCL)  # fails if somebody else is
        time.sleep(0.2)
        os.unlink(folder / "inside")
    print("held")
except LockedError:
    print("refused")
"""


def test_one_of_many_processes_takes_over_from_a_dead_one(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    (tmp_path / HOLDER).write_text(f"{dead.pid}\n{socket.gethostname()}\n")
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    ends = [racer.communicate(timeout=60)[0] for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * 4
    assert set(ends) <= {"held\n", "refused\n"}
    assert "held\n" in ends


def test_who_reads_waits_for_others_who_read(tmp_path: Path) -> None:
    mine(tmp_path)
    order: list[str] = []

    def read() -> None:
        with held_still(tmp_path):
            order.append("second")

    with ThreadPoolExecutor(1) as pool:
        with held_still(tmp_path):
            reading = pool.submit(read)
            time.sleep(0.2)
            order.append("first")
        reading.result()
    assert order == ["first", "second"]


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
