"""Processes apart from this one, and what they die of."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from soundgan.runtime.processes import apart, cause_of_death, end_with_children, was_ended_by_others

PARENT = (
    "import subprocess, sys; "
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
    "print(child.pid, flush=True); child.wait()"
)


def is_gone(process_id: int) -> bool:
    """Whether a process has ended, though nobody may have asked for its exit code yet."""
    try:
        return psutil.Process(process_id).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize("system", [sys.platform, "win32"])
def test_a_process_ends_with_what_it_has_started(
    monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, **apart()
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    monkeypatch.setattr(sys, "platform", system)
    end_with_children(parent.pid)
    monkeypatch.undo()
    parent.wait(10)
    assert parent.stdout.read() == ""  # both held its other end
    parent.stdout.close()
    for _ in range(1000):  # it has closed its files already, and is about to be no more
        if is_gone(child):
            break
        time.sleep(0.01)
    else:
        pytest.fail("the child outlived its parent by ten seconds")


def test_a_process_apart_is_in_no_group_of_the_terminal() -> None:
    script = "import os; print(os.getpgrp() == os.getpid())"
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True, **apart()
    )
    assert found.stdout == "True\n"


@pytest.mark.parametrize(
    ("code", "words", "others", "cause"),
    [
        (-signal.SIGSEGV, "", False, "SIGSEGV"),
        (-signal.SIGKILL, "", True, "SIGKILL"),
        (-signal.SIGTERM, "", True, "SIGTERM"),
        (-63, "", True, "signal 63"),
        (1, "ValueError: no", False, "ValueError: no"),
        (3, "", False, "exit code 3"),
    ],
)
def test_an_end_is_told_from_outside_or_from_inside(
    code: int, words: str, others: bool, cause: str
) -> None:
    assert (was_ended_by_others(code, words), cause_of_death(code, words)) == (others, cause)


@pytest.mark.parametrize(
    ("code", "words", "others", "cause"),
    [
        (0xC0000005, "", False, "access violation, status 0xC0000005"),
        (0xC0000142, "", False, "status 0xC0000142"),
        (1, "", True, "exit code 1"),  # by the Task Manager
        (15, "", True, "exit code 15"),  # by Python
        (1, "MemoryError", False, "MemoryError"),
    ],
)
def test_an_end_on_windows_is_told_from_outside_or_from_inside(
    monkeypatch: pytest.MonkeyPatch, code: int, words: str, others: bool, cause: str
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert (was_ended_by_others(code, words), cause_of_death(code, words)) == (others, cause)


def test_a_process_that_breaks_leaves_no_core_file(tmp_path: Path) -> None:
    script = (
        "import os, resource; from soundgan.runtime.processes import break_in_silence as silent; "
        "silent(); print(resource.getrlimit(resource.RLIMIT_CORE), flush=True); os.abort()"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=False, text=True, cwd=tmp_path
    )
    assert (found.returncode, found.stdout, list(tmp_path.iterdir())) == (
        -signal.SIGABRT,
        "(0, 0)\n",
        [],
    )
