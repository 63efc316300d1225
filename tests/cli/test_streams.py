"""The program in processes of its own, with standard streams that are closed, full or strange."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.children import tree
from tests.sounds import tone, write

full_disk = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")  # noqa: PTH110

FULL = "error: standard output: cannot write: no space left on device\n"


def run(
    *arguments: object, streams: str = "", folder: Path | None = None, **environment: str
) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the program, whose streams the shell puts so."""
    command = [sys.executable, "-m", "soundgan", *map(str, arguments)]
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {streams}', "sh", *command],
        capture_output=True,
        check=False,
        cwd=folder,
        env=os.environ | environment,
    )
    return done.returncode, done.stdout.decode("latin-1"), done.stderr.decode("latin-1")


@full_disk
@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["--help"], ["config", "show"], ["config", "show", "--json"], ["train", "-h"]],
    ids=" ".join,
)  # fmt: skip
def test_a_result_that_cannot_be_written_is_one_line(arguments: list[str]) -> None:
    assert run(*arguments, streams=">/dev/full") == (1, "", FULL)
    assert run(*arguments, streams=">&-") == (0, "", "")


@full_disk
def test_a_refusal_that_cannot_be_written_leaves_with_its_own_code() -> None:
    for streams in ("2>/dev/full", ">/dev/full 2>/dev/full", "2>&-", "<&- >&- 2>&-"):
        assert run("config", "show", "bass", streams=streams) == (2, "", "")
        assert run("generate", "--sede", "3", streams=streams) == (2, "", "")


def test_a_reader_that_has_gone_is_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with open(tmp_path / "pipe", "wb") as writer:
        os.close(reader)
        command = [sys.executable, "-m", "soundgan", "config", "show"]
        done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr == b"error: standard output: cannot write: broken pipe\n"


def test_completion_works_on_closed_streams() -> None:
    script = "import sys; sys.argv[0] = 'soundgan'; from soundgan.cli.app import main; main()"
    words = {"_SOUNDGAN_COMPLETE": "complete_bash", "COMP_WORDS": "soundgan gen", "COMP_CWORD": "1"}
    for streams, shown in (("", b"generate\n"), (">&- 2>&-", b"")):
        command = ["/bin/sh", "-c", f'exec "$@" {streams}', "sh", sys.executable, "-c", script]
        done = subprocess.run(command, capture_output=True, check=False, env=os.environ | words)
        assert (done.returncode, done.stdout, done.stderr) == (0, shown, b"")


def test_a_file_is_written_as_ever_with_all_streams_closed(tmp_path: Path) -> None:
    for name, streams in (("open", ""), ("closed", "<&- >&- 2>&-")):
        assert run("config", "init", tmp_path / name / "mine.toml", streams=streams)[0] == 0
    assert tree(tmp_path / "closed") == tree(tmp_path / "open")


@pytest.mark.slow
def test_sounds_and_datasets_are_made_as_ever_with_all_streams_closed(tmp_path: Path) -> None:
    for number in range(4):
        write(tmp_path / "sounds" / f"{number}.wav", tone(0.2, hertz=300 + number))
    for command in (["generate", "-n", "1"], ["prepare", "sounds"]):
        for name, streams in (("open", ""), ("closed", "<&- >&- 2>&-"), ("out", ">&-")):
            out = [*command, "--out", f"{command[0]} {name}", "-q"]
            assert run(*out, streams=streams, folder=tmp_path)[::2] == (0, ""), (command, streams)
            assert tree(tmp_path / out[-2]) == tree(tmp_path / f"{command[0]} open")


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["latin-1", "cp437", "ascii", "utf-8"])
def test_what_was_measured_is_shown_in_any_encoding(encoding: str, tmp_path: Path) -> None:
    code, stdout, stderr = run("bench", "--quick", folder=tmp_path, PYTHONIOENCODING=encoding)
    assert (code, "Traceback" in stderr) == (0, False)
    assert "sounds, from seed to WAV on disk" in stdout
    assert max(map(len, stdout.encode("latin-1").decode(encoding).splitlines())) <= 82


@full_disk
@pytest.mark.slow
def test_what_was_measured_is_not_lost_with_standard_output(tmp_path: Path) -> None:
    code, _, stderr = run("bench", "--quick", streams=">/dev/full", folder=tmp_path)
    assert code == 1
    assert "sounds, from seed to WAV on disk" in stderr
    assert stderr.endswith(FULL)
