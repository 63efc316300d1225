"""A service in a working folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from soundgan.serve.settings import Settings
from tests.serve.asking import Client


@pytest.fixture(autouse=True)
def own_temporary_folder(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What clients send stays within the folder of the tests."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("sent")))


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.chdir(tmp_path)
    made = Client(Settings(folder=tmp_path))
    yield made
    made.close()
