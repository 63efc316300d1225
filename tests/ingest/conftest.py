"""Workers without processes, and workers to break."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from soundgan.ingest.pool import Batch, Lost, Pool
from soundgan.ingest.worker import Worker


class InlinePool(Pool):
    """Does the workers' work in this process: where processes are not the point."""

    def run(
        self, setup: dict[str, Any], batches: Sequence[Batch]
    ) -> Iterator[dict[str, Any] | Lost]:
        worker = Worker(lambda message: None)
        worker.set_up(setup)
        for batch in batches:
            yield json.loads(json.dumps(worker.work_on(batch)))


@pytest.fixture
def sabotage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """Make workers run code in place of decoding files for which a condition holds."""

    def arrange(codes: dict[str, str]) -> None:
        folder = tmp_path / "sabotage"
        folder.mkdir(exist_ok=True)
        cases = "".join(
            f"    if {condition}:\n        {code}\n" for condition, code in codes.items()
        )
        (folder / "sitecustomize.py").write_text(
            "import ctypes, os, resource, time\n"
            "import soundfile\n"
            "read = soundfile.SoundFile.read\n"
            "def broken(self, *args, **options):\n"
            f"    rate = self.samplerate\n{cases}"
            "    return read(self, *args, **options)\n"
            "soundfile.SoundFile.read = broken\n"
        )
        monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)

    return arrange
