"""``soundgan serve`` as a process: from its address to Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run


def start(folder: Path, *options: str) -> tuple[subprocess.Popen[str], str]:
    """A service on a free port, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "soundgan", "serve", "--port", "0", *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    return process.returncode, stderr


@pytest.mark.slow
def test_it_answers_until_somebody_interrupts_it(tmp_path: Path) -> None:
    code = """
import json, sys
from urllib.request import urlopen
url = sys.argv[1]
models = json.load(urlopen(url + "api/v1/models"))["models"]
print(urlopen(url + f"api/v1/models/{models[-1]['hash']}/sounds/42.wav").read()[:4])
"""
    process, url = start(tmp_path)
    try:
        done = subprocess.run([sys.executable, "-c", code, url], capture_output=True, text=True)
    finally:
        code_left, stderr = ended(process)
    assert done.stdout.strip() == "b'RIFF'", done.stderr
    assert code_left == 130
    assert stderr.splitlines()[-1] == "interrupted"
    assert "Traceback" not in stderr


def test_other_machines_are_not_let_in_by_mistake(soundgan: Run) -> None:
    done = soundgan("serve", "--host", "0.0.0.0")
    assert (done.code, done.stdout) == (2, "")
    assert "--allow-remote" in done.stderr


def test_without_the_libraries_one_line_says_how_to_get_them(
    soundgan: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    done = soundgan("serve")
    assert done.code == 1
    assert done.stderr == (
        "error: uvicorn: not installed; soundgan serve needs it: pip install 'soundgan[serve]'\n"
    )
