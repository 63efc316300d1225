"""The commands as on Windows, as far as ``tests/windows.py`` plays it: the same bytes as here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sounds import tone, write

ROOT = Path(__file__).resolve().parents[1]
HERE, WINDOWS = ["soundgan"], ["tests.windows"]


def run(program: list[str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "warn_default_encoding", "-m", *program, *arguments]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=False, text=True
    )


def seen(script: str) -> str:
    """What a module of SoundGAN would see, printed by a script in which ``load`` is one."""
    setup = (
        "from tests import windows; windows.install(); "
        "load = lambda name: windows._import(name, {}, {}, ('x',), 0); "
    )
    found = subprocess.run(
        [sys.executable, "-c", setup + script],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    return found.stdout + found.stderr.strip().rpartition("\n")[2]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("load('fcntl')", "No module named 'fcntl'"),
        ("load('os').pread", "module 'os' has no attribute 'pread'"),
        ("load('signal').SIGKILL", "module 'signal' has no attribute 'SIGKILL'"),
        ("print(load('sys').platform)", "win32"),
        ("open('/tmp/aux.wav', 'wb')", "aux.wav"),
        ("import os; f = open('README.md'); os.replace('README.md', 'x')", "cannot access"),
        ("import soundgan.runtime.signals as s; print(s.HANG_UP)", "None"),
    ],
)
def test_what_windows_lacks_or_refuses_is_missing_or_refused(script: str, words: str) -> None:
    assert words in seen(script)


@pytest.mark.slow
def test_every_command_gives_on_windows_what_it_gives_here(tmp_path: Path) -> None:
    for program in (HERE, WINDOWS):
        folder = tmp_path / program[0]
        for label in ("nul", "kick"):
            for number in range(12):
                hertz = 200 + 40 * number + 400 * (label == "nul")
                write(folder / "source" / f"{label} {number}.wav", tone(0.2, hertz=hertz))
        prepare = (
            "prepare", "source", "--out", "prepared", "--jobs", "2",
            "--label-pattern", "(?P<label>[a-z]+) .*",
        )  # fmt: skip
        for arguments in (
            prepare,
            ("train", "--config", "tiny", "--data", "prepared", "--run", "run",
             "--set", "training.steps=2"),
            ("generate", "-n", "4", "--model", "run", "--out", "sounds", "--png"),
            ("generate", "-n", "4", "--model", "run", "--out", "sounds", "--seed", "9"),
            ("invert", "sounds", "--out", "inverted"),
            ("verify", "run"),
        ):  # fmt: skip
            ended = run(program, folder, *arguments)
            assert ended.returncode == 0, (arguments, ended.stderr)
        write(folder / "source" / "kick 00.wav", tone(0.2, hertz=150))
        ended = run(program, folder, *prepare)  # takes clips from a shard that it replaces
        assert ended.returncode == 0, ended.stderr
    for pattern in ("prepared/*.npy", "prepared/manifest.json", "sounds/*", "inverted/*"):
        here, there = (
            {path.name: path.read_bytes() for path in (tmp_path / program[0]).glob(pattern)}
            for program in (HERE, WINDOWS)
        )
        assert here
        assert here == there
