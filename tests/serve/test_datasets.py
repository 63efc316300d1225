"""Prepared folders and folders of sounds: only those in the working folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import V1
from tests.serve.asking import API, Client


def test_folders_are_listed_by_what_is_in_them(client: Client) -> None:
    shutil.copytree(V1 / "prepared", "prepared")
    for name in ("drums/kick", "texts", ".hidden", "codes", "runs"):
        Path(name).mkdir(parents=True)
    for name in ("drums/kick/a.WAV", "texts/a.txt", ".hidden/a.wav", "codes/a.wav", "runs/a.wav"):
        Path(name).write_bytes(b"")
    Path("link").symlink_to("drums")
    found = client.api("/datasets")
    assert found["sources"] == ["drums"]
    (dataset,) = found["datasets"]
    assert (dataset["name"], dataset["state"], dataset["report"]) == ("prepared", "done", None)
    assert dataset["labels"] == ["high", "low"]
    assert client.api("/datasets/prepared") == {"schema": 1, **dataset}


def test_a_damaged_folder_is_told(client: Client) -> None:
    Path("prepared").mkdir()
    Path("prepared/manifest.json").write_text("{}", "utf-8")
    assert "manifest.json" in client.api("/datasets/prepared")["error"]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"source": "/etc"},
        {"source": ".."},
        {"source": "drums/../.."},
        {"source": "drums", "name": "../out"},
        {"source": "drums", "name": "drums"},
        {"source": "drums", "name": "-o"},
        {"source": "drums", "sample_rate": 1},
        {"source": "drums", "clip_seconds": "x"},
    ],
    ids=str,
)
def test_what_is_no_folder_of_sounds_is_refused(client: Client, wrong: dict[str, Any]) -> None:
    Path("drums").mkdir()
    Path("drums/a.wav").write_bytes(b"")
    found = client.ask("POST", f"{API}/datasets", json=wrong)
    assert (found.status_code, found.json()["exit_code"]) == (422, 2)
    assert client.ask("DELETE", f"{API}/datasets/drums/process").status_code == 409
    assert client.get(f"{API}/datasets/drums/report.html").status_code == 404
