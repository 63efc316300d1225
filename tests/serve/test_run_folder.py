"""What a run folder says: logs that grow and go back, and who works in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from soundgan.serve.run_folder import RewrittenError, RunFolder, read_lines


def lines(path: Path, begin: int = 0) -> list[tuple[object, int]]:
    return list(read_lines(path, begin))


def test_lines_go_on_exactly_where_they_ended(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert lines(log) == []
    log.write_bytes(b'{"step": 1}\n{"step": 22}\n{"st')
    first = lines(log)
    assert first == [({"step": 1}, 12), ({"step": 22}, 25)]
    assert lines(log, 12) == first[1:]
    assert lines(log, 25) == []
    with log.open("ab") as file:
        file.write(b'ep": 3}\n')
    assert lines(log, 25) == [({"step": 3}, 37)]


def test_a_log_that_went_back_is_noticed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b'{"step": 1}\n')
    for begin in (11, 13, 25):
        with pytest.raises(RewrittenError):
            lines(log, begin)


def test_what_json_does_not_know_is_nothing(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b'{"step": 1, "loss": NaN, "other": -Infinity}\nbroken\n')
    assert lines(log)[0][0] == {"step": 1, "loss": None, "other": None}
    assert len(lines(log)) == 1


def test_the_last_line_of_a_long_log_is_found(tmp_path: Path) -> None:
    text = "".join(json.dumps({"step": step, "x": "y" * 100}) + "\n" for step in range(5000))
    (tmp_path / "log").write_text(text, "utf-8")
    assert RunFolder(tmp_path).last("log")["step"] == 4999
    assert RunFolder(tmp_path).last("none") == {}


def test_only_a_living_process_trains(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    assert run.process_id is None
    lock = tmp_path / ".lock"
    lock.write_text(f"process {os.getpid()} (training)\n", "utf-8")
    assert run.process_id == os.getpid()
    lock.write_text("", "utf-8")
    assert run.process_id is None
    with subprocess.Popen([sys.executable, "-c", "pass"]) as ended:
        pass
    lock.write_text(f"process {ended.pid} (training)\n", "utf-8")
    assert run.process_id is None
    lock.write_text(f"process {os.getpid()} (training)\n", "utf-8")
    os.utime(lock, (0, 0))  # the number has since been given to another process
    assert run.process_id is None
