"""Corpora to prepare."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soundgan.errors import ConfigError
from soundgan.ingest.options import PrepareOptions
from soundgan.pipelines.prepare.run import PrepareResult, prepare_folder
from soundgan.reporting import SilentReporter
from tests.ingest.conftest import InlinePool, sabotage  # noqa: F401 - a fixture here, too
from tests.sounds import silence, tone, write

FIXED: dict[str, Any] = {
    "sample_rate": 8000,
    "clip_seconds": 0.256,
    "slice": False,
    "channels": "mono",
}
"""Options that leave nothing to be chosen, so that no file is looked at twice."""

Prepare = Callable[..., PrepareResult]


@pytest.fixture
def prepare(monkeypatch: pytest.MonkeyPatch) -> Prepare:
    """Prepares a folder without the ceiling, which costs seconds.

    Processes are started when a test asks for a number of them, or sabotages them.
    """

    def off(_: object) -> None:
        raise ConfigError("off")

    monkeypatch.setattr("soundgan.pipelines.prepare.ceiling.measure_ceiling", off)

    def run(source: Path, out: Path, **options: Any) -> PrepareResult:
        inline = "jobs" not in options and "sabotage" not in os.environ.get("PYTHONPATH", "")
        chosen = PrepareOptions(**({"jobs": 1} | FIXED | options))
        with monkeypatch.context() as patch:
            if inline:
                patch.setattr("soundgan.pipelines.prepare.run.Pool", InlinePool)
            return prepare_folder(source, out, chosen, SilentReporter())

    return run


@pytest.fixture
def tones(tmp_path: Path) -> Path:
    """Two classes of nine tones each, all different."""
    folder = tmp_path / "tones"
    for number in range(9):
        write(folder / "low" / f"{number}.wav", tone(0.15 + number / 100, hertz=200 + number))
        write(folder / "high" / f"{number}.flac", tone(0.1 + number / 100, hertz=900 + number))
    return folder


@pytest.fixture
def zoo(tmp_path: Path) -> Path:
    """One file for every verdict, and a few that try harder; ``--slice`` makes one sliced."""
    folder = tmp_path / "zoo"
    exact = (np.round(tone(0.256) * 32768) / 32768).astype(np.float32)
    write(folder / "kept.wav", exact)
    write(folder / "padded.ogg", tone(0.1))
    write(folder / "trimmed.aiff", np.concatenate([tone(0.1, level=0.2), tone(0.4, level=0.8)]))
    write(folder / "clipped.wav", np.clip(tone(0.2, level=3.0), -1, 1))
    write(folder / "twin.flac", exact)
    write(folder / "silent.wav", silence(0.5))
    write(folder / "short.wav", tone(0.004))
    write(folder / "nan.wav", np.array([0, np.nan] * 50, np.float32), subtype="FLOAT")
    whole = write(folder / "cut.wav", tone(0.3)).read_bytes()
    (folder / "cut.wav").write_bytes(whole[:-1000])
    (folder / "empty.wav").touch()
    (folder / "text.mp3").write_text("not a sound")
    (folder / "README.md").write_text("# Sounds\n")
    write(folder / "sub" / "misnamed.txt", tone(0.2, hertz=700), format="WAV")
    return folder


def tree(folder: Path) -> dict[str, str]:
    """The hash of every file below ``folder``."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
