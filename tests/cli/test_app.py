from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from soundgan.version import VERSION
from tests.conftest import Run
from tests.datasets import write_dataset

HEAVY = {"torch", "numpy", "librosa", "scipy", "soundfile", "matplotlib", "PIL", "torchaudio"}

COMMANDS = [["--help"], ["--version"]]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_help_and_version_import_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys, json\nfrom soundgan.cli.app import main\n"
        "try: main()\n"
        "except SystemExit as end: code = end.code\n"
        "sys.stderr.write(json.dumps([code or 0, sorted(sys.modules)]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    code, modules = json.loads(done.stderr)
    assert code == 0
    assert done.stdout.strip()
    assert HEAVY.isdisjoint(modules)


def test_version_prints_the_version(soundgan: Run) -> None:
    outcome = soundgan("--version")
    assert (outcome.code, outcome.stdout) == (0, f"soundgan {VERSION}\n")


def test_an_unknown_option_is_a_usage_error_without_a_traceback(soundgan: Run) -> None:
    outcome = soundgan("generate", "--sede", "3")
    assert outcome.code == 2
    assert outcome.stdout == ""
    assert "--seed" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_an_expected_failure_is_one_line_on_stderr(soundgan: Run) -> None:
    outcome = soundgan("config", "show", "bass")
    assert outcome.code == 2
    assert outcome.stdout == ""
    assert outcome.stderr == "error: bass: no such preset; did you mean 'base'?\n"


def test_json_of_a_config_is_one_document_with_a_schema(soundgan: Run) -> None:
    outcome = soundgan("config", "show", "tiny", "--set", "training.steps=3", "--json")
    document = json.loads(outcome.stdout)
    assert document["schema"] == 1
    assert document["config"]["training"]["steps"] == 3


def test_nothing_is_coloured_when_piped() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "soundgan", "config", "show", "nope"],
        capture_output=True,
        check=False,
        env={**os.environ, "FORCE_COLOR": "", "TERM": "xterm-256color"},
    )
    assert done.returncode == 2
    assert b"\x1b" not in done.stdout + done.stderr


NAMELESS = """
import os, pwd, sys

def nobody(uid):
    raise KeyError(f"getpwuid(): uid not found: {uid}")

pwd.getpwuid = nobody
from soundgan.cli.app import main
main()
"""


@pytest.mark.slow
def test_a_user_without_name_and_home_can_train_and_draw(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "prepared")
    train = ["train", "--config", "tiny", "--max-steps", "1", "--run", str(tmp_path / "run")]
    nameless = {"HOME", "USER", "LOGNAME", "LNAME", "USERNAME", "MPLCONFIGDIR", "XDG_CACHE_HOME"}
    done = subprocess.run(
        [sys.executable, "-c", NAMELESS, *train, "--data", str(data), "--quiet"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name not in nameless}
        | {"TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "run" / "curves.png").is_file()
