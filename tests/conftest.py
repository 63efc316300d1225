"""Fixtures that several tests share."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from tests import audit
from tests.curves import written_out

# Tiny networks gain nothing from threads, and several test processes would wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")


audit.install()

ROOT = Path(__file__).resolve().parents[1]
V1 = ROOT / "tests" / "fixtures" / "v1"
"""A file of every kind, as version 1 of each format wrote it."""

OF_THE_TESTS = [ROOT / ".pytest_cache", ROOT / ".hypothesis"]


@pytest.fixture(autouse=True)
def nothing_strays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test, and so no command in this process, uses the network or writes where it should not.

    What Matplotlib keeps about fonts is its own.
    """
    fonts = Path(os.environ.get("MPLCONFIGDIR", Path.home() / ".cache" / "matplotlib"))
    with audit.recording(tmp_path_factory.getbasetemp(), fonts, *OF_THE_TESTS) as strayed:
        yield
    assert strayed == []


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests find out about a GPU stays out of the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOUNDGAN_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", autouse=True)
def hang_ups_answered() -> None:
    """Also where the tests run under nohup, which would have every command ignore SIGHUP."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session", autouse=True)
def commands_made_once() -> Iterator[None]:
    """Of the 24 ms of a short command, 20 are spent on reading all commands' signatures again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.testing._get_command", cache(get_command))
        yield


@pytest.fixture(scope="session", autouse=True)
def memory_given_back() -> Iterator[None]:
    """A training in this process must not change what memory the tests after it see."""
    from soundgan.runtime import memory  # noqa: PLC0415 - after nohup is undone

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "keep_freed_memory", lambda: None)
        yield


@pytest.fixture
def plain_curves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trainings in this process write their curves as text."""
    monkeypatch.setattr("soundgan.pipelines.recorders.curves_png", written_out)


@pytest.fixture
def rng() -> np.random.Generator:
    """A generator with a fixed seed."""
    return np.random.default_rng(20240607)


@pytest.fixture(scope="session")
def fsdd() -> Path:
    """Folder of real spoken digits, or a skip where it is not installed."""
    folder = os.environ.get("SOUNDGAN_FSDD")
    if not folder:
        pytest.skip("SOUNDGAN_FSDD does not name a folder of spoken digits")
    return Path(folder)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a copy of the frozen files."""
    shutil.copytree(V1, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@dataclass(frozen=True)
class Outcome:
    """What a command left on the terminal."""

    code: int
    stdout: str
    stderr: str


class Run(Protocol):
    """Runs the program in this process."""

    def __call__(self, *arguments: object) -> Outcome: ...


@pytest.fixture
def soundgan() -> Run:
    """The program: ``soundgan("config", "show")`` gives exit code, stdout and stderr."""

    def run(*arguments: object) -> Outcome:
        from soundgan.cli.app import app  # noqa: PLC0415 - commands import late

        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return run
