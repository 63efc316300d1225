"""The commands as on Windows, as far as ``tests/windows.py`` plays it: the same bytes as here."""

from __future__ import annotations

import os
import subprocess
import sys
import time
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
        ("open('/tmp/' + 300 * 'a', 'wb')", "No such file or directory"),
    ],
)
def test_what_windows_lacks_or_refuses_is_missing_or_refused(script: str, words: str) -> None:
    assert words in seen(script)


def test_ctrl_break_stops_like_ctrl_c() -> None:
    script = (
        "import os, soundgan.runtime.signals as s; stop = s.SignalStop(lambda: print('stopping'))\n"
        "with stop.listening(): os.kill(os.getpid(), 21)\n"
        "print(int(stop.exit_code)); s.unwind_on_signals(); os.kill(os.getpid(), 21)"
    )
    assert seen(script) == "stopping\n130\nKeyboardInterrupt"


def test_ctrl_break_ends_a_command_with_the_word_and_code_of_ctrl_c(tmp_path: Path) -> None:
    command = [sys.executable, "-m", *WINDOWS, "demo-data", str(tmp_path), "--per-class", "9999"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not any(tmp_path.rglob("*.wav")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(21)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said.splitlines()[-1]) == (130, "interrupted")


@pytest.mark.parametrize("call", ["write_bytes(path, b'new')", "remove(path)"])
def test_a_file_that_somebody_has_mapped_is_one_line_about_it(call: str, tmp_path: Path) -> None:
    shard = tmp_path / "clips.npy"
    shard.write_bytes(bytes(4096))
    script = (
        "import numpy, pathlib, soundgan.runtime.files as files; "
        f"path = pathlib.Path({str(shard)!r}); files.REPLACE_SECONDS = 0.1; "
        "held = numpy.memmap(path, mode='r'); "
        f"files.{call}"
    )
    assert seen(script).endswith(
        "the process cannot access the file; another program may have it open: close that, and "
        "try again"
    )
    assert shard.read_bytes() == bytes(4096)
    assert [path.name for path in tmp_path.iterdir()] == ["clips.npy"]


def test_a_path_that_is_too_long_says_so(tmp_path: Path) -> None:
    folder = tmp_path / ("a" * 120) / ("b" * 120)
    ended = run(WINDOWS, tmp_path, "config", "init", str(folder / "mine.toml"))
    assert ended.returncode == 1
    assert ended.stderr.endswith(
        "; the path has 260 characters or more: shorten it, or allow long paths in Windows "
        "(docs/install.md)\n"
    )
    assert ended.stderr.count("\n") == 1


def test_the_cache_lies_where_windows_keeps_such_files(tmp_path: Path) -> None:
    script = (
        "import os; os.environ.pop('SOUNDGAN_CACHE', None); "
        "os.environ.pop('XDG_CACHE_HOME', None); "
        f"os.environ['LOCALAPPDATA'] = {str(tmp_path)!r}; "
        "import soundgan.runtime.cache as cache; print(cache.cache_folder())"
    )
    assert seen(script).strip() == str(tmp_path / "soundgan" / "cache")


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
