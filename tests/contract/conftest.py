"""A folder with something of everything, where commands are tried."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from soundgan.errors import ConfigError
from tests.conftest import V1
from tests.ingest.conftest import InlinePool
from tests.sounds import tone, write

SECONDS = 30
"""No command may take longer here, whatever it is told."""


class Hung(BaseException):
    """Past its time; not to be caught by what catches errors."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, plain_curves: None) -> None:
    """Work in this process, and none that only measures."""

    def off(*_: object, **__: object) -> None:
        raise ConfigError("off")

    monkeypatch.setattr("soundgan.pipelines.prepare.ceiling.measure_ceiling", off)
    monkeypatch.setattr("soundgan.pipelines.prepare.run.Pool", InlinePool)
    monkeypatch.setattr("soundgan.pipelines.bench.run.measure_row", off)
    monkeypatch.setattr("soundgan.pipelines.recorders.expected_seconds_per_step", lambda *_: 0.0)
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)  # nobody asks


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, in which the test then is."""
    folder = tmp_path / "here"
    shutil.copytree(V1, folder)
    for number in range(3):
        write(folder / "sounds" / f"{number}.wav", tone(0.2, hertz=300 + 50 * number))
    monkeypatch.chdir(folder)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))  # what serve is sent lies there
    return folder


@pytest.fixture
def in_time() -> Iterator[None]:
    """Ends what hangs."""

    def late(_: int, __: FrameType | None) -> None:
        raise Hung(f"still at work after {SECONDS} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
