"""Workers that do not start, and workers whose program is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from soundgan.errors import DependencyError
from soundgan.ingest import pool as module
from soundgan.ingest.pool import Pool
from tests.sounds import tone, write

SURVEY: dict[str, Any] = {"work": "", "recipe": None, "known": []}


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
    sabotage({"rate == 11025": "os.kill(os.getpid(), 11)"})
    batch = [(number, f"{number}.wav") for number in range(5)]
    with Pool(1, timeout=60.0) as pool:
        replies = list(pool.run(SURVEY | {"source": str(tmp_path)}, [batch]))
    assert replies[0] == module.Lost(2, "the decoder crashed (SIGSEGV)")
    assert surveyed(replies[1:]) == [0, 1, 3, 4]


@pytest.mark.slow
def test_workers_are_waited_for_while_nobody_takes_their_replies(tmp_path: Path) -> None:
    for number in range(4):
        write(tmp_path / f"{number}.wav", tone(0.2, rate=8000), 8000)
    replies = []
    with Pool(2, timeout=0.5) as pool:
        for reply in pool.run(
            SURVEY | {"source": str(tmp_path)}, [[(k, f"{k}.wav")] for k in range(4)]
        ):
            replies.append(reply)
            time.sleep(0.8)
    assert sorted(surveyed(replies)) == [0, 1, 2, 3]


def test_what_libraries_print_is_no_message(
    tmp_path: Path, sabotage: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.wav", tone(0.2, rate=8000), 8000)
    sabotage({"True": "os.system('echo hello'); print('{}', flush=True)"})
    site = tmp_path / "sabotage" / "sitecustomize.py"
    site.write_text(site.read_text() + "print('{\\n1\\nhello', flush=True)\n")
    with Pool(1, timeout=60.0) as pool:
        replies = list(pool.run(SURVEY | {"source": str(tmp_path)}, [[(0, "a.wav")]]))
    assert surveyed(replies) == [0]


def surveyed(replies: Sequence[Any]) -> list[int]:
    return [entry["index"] for reply in replies for entry in reply["surveyed"]]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_file_whose_worker_was_killed_is_tried_again_when_all_else_is_done(
    tmp_path: Path, sabotage: Callable[..., None], number: int
) -> None:
    for index in range(6):
        rate = 11025 if index in (1, 4) else 8000
        write(tmp_path / f"{index}.wav", tone(0.2, rate=rate), rate)
    mark = tmp_path / "killed"
    mark.mkdir()
    once = (
        f"n = len(os.listdir({str(mark)!r})); "
        f"n < 2 and (open({str(mark)!r} + f'/{{n}}', 'w'), os.kill(os.getpid(), {int(number)}))"
    )
    sabotage({"rate == 11025": once})
    batches = [[(index, f"{index}.wav") for index in part] for part in ((0, 1, 2), (3, 4, 5))]
    with Pool(1, timeout=60.0) as pool:
        replies = list(pool.run(SURVEY | {"source": str(tmp_path)}, batches))
    assert surveyed(replies) == [0, 2, 3, 5, 1, 4]


def test_a_file_whose_worker_is_killed_twice_is_given_up(
    tmp_path: Path, sabotage: Callable[..., None]
) -> None:
    for index in range(3):
        rate = 11025 if index == 1 else 8000
        write(tmp_path / f"{index}.wav", tone(0.2, rate=rate), rate)
    sabotage({"rate == 11025": "os.kill(os.getpid(), 9)"})
    batch = [(index, f"{index}.wav") for index in range(3)]
    with Pool(2, timeout=60.0) as pool:
        *others, last = pool.run(SURVEY | {"source": str(tmp_path)}, [batch])
    assert surveyed(others) == [0, 2]
    assert last == module.Lost(
        1, f"its worker was killed twice, the second time while {module.ALONE}"
    )


def test_a_hanging_ffmpeg_ends_with_its_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 600\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    (tmp_path / "a.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(100))
    with Pool(1, timeout=1.0) as pool:
        [lost] = pool.run(SURVEY | {"source": str(tmp_path)}, [[(0, "a.m4a")]])
    assert lost == module.Lost(0, "decoding came to a halt for 1 s")
    child = int((tmp_path / "pid").read_text())
    wait_for(lambda: None if alive(child) else 1)


def test_a_worker_dies_with_its_program_even_inside_a_decoder(
    tmp_path: Path, sabotage: Callable[..., None]
) -> None:
    program, worker = caught_in_a_decoder(tmp_path, sabotage)
    program.kill()
    program.communicate(timeout=30)
    wait_for(lambda: None if alive(worker) else 1)


def test_ctrl_c_ends_program_and_workers_at_once(
    tmp_path: Path, sabotage: Callable[..., None]
) -> None:
    program, worker = caught_in_a_decoder(tmp_path, sabotage)
    os.killpg(program.pid, signal.SIGINT)
    _, errors = program.communicate(timeout=10)
    assert (program.returncode, errors) == (130, "interrupted\n")
    assert not alive(worker)


def caught_in_a_decoder(
    tmp_path: Path, sabotage: Callable[..., None]
) -> tuple[subprocess.Popen[str], int]:
    """A prepare whose worker hangs inside a decoder, and the worker's number."""
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
    return program, wait_for(lambda: int((tmp_path / "pid").read_text()))


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
