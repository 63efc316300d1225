"""Workers that do not start, and workers whose program is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from soundgan.errors import DependencyError
from soundgan.pipelines.prepare import pool as module
from soundgan.pipelines.prepare.pool import Pool
from tests.sounds import tone, write

SURVEY = {"work": "", "recipe": None, "known": []}


def test_workers_that_do_not_start_are_told_with_their_last_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command = "import sys; sys.exit('no such library')"
    monkeypatch.setattr(module, "_COMMAND", command)
    with Pool(2, timeout=60.0) as pool, pytest.raises(DependencyError, match="no such library"):
        list(pool.run(SURVEY | {"source": str(tmp_path)}, [[(0, "a.wav")]]))


def test_a_batch_loses_only_the_file_its_worker_died_of(
    tmp_path: Path, sabotage: Callable[..., None]
) -> None:
    for number in range(5):
        rate = 11025 if number == 2 else 8000
        write(tmp_path / f"{number}.wav", tone(0.2, rate=rate), rate)
    sabotage({"rate == 11025": "os.kill(os.getpid(), 9)"})
    batch = [(number, f"{number}.wav") for number in range(5)]
    with Pool(1, timeout=60.0) as pool:
        replies = list(pool.run(SURVEY | {"source": str(tmp_path)}, [batch]))
    assert replies[0] == module.Lost(2, "the decoder crashed (SIGKILL)")
    assert [entry[0] for entry in replies[1]["surveyed"]] == [0, 1, 3, 4]


def test_a_worker_dies_with_its_program_even_inside_a_decoder(
    tmp_path: Path, sabotage: Callable[..., None]
) -> None:
    write(tmp_path / "source" / "a.wav", tone(0.2))
    sabotage({"True": f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); "
                      "time.sleep(600)"})  # fmt: skip
    program = subprocess.Popen(
        [sys.executable, "-m", "soundgan", "prepare", "source", "--quiet"],
        cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    )
    worker = wait_for(lambda: int((tmp_path / "pid").read_text()))
    program.kill()
    program.wait()
    wait_for(lambda: None if alive(worker) else 1)


def test_ctrl_c_ends_program_and_workers_at_once(
    tmp_path: Path, sabotage: Callable[..., None]
) -> None:
    write(tmp_path / "source" / "a.wav", tone(0.2))
    sabotage({"True": f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); "
                      "time.sleep(600)"})  # fmt: skip
    program = subprocess.Popen(
        [sys.executable, "-m", "soundgan", "prepare", "source", "--quiet"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    worker = wait_for(lambda: int((tmp_path / "pid").read_text()))
    os.killpg(program.pid, signal.SIGINT)
    _, errors = program.communicate(timeout=10)
    assert (program.returncode, errors) == (130, "interrupted\n")
    assert not alive(worker)


def wait_for(look: Callable[[], int | None]) -> int:
    """The first answer of ``look``, which may fail while it is too early."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            answer = look()
        except (OSError, ValueError):
            answer = None
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError("waited in vain")


def alive(pid: int) -> bool:
    """Whether the process exists and is more than an entry in its parent's books."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
