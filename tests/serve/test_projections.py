"""Recordings as sounds of a model, by way of the command."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.serve.asking import API, Client
from tests.sounds import tone, write

AUDIO = {"Content-Type": "audio/wav"}


def projections(client: Client) -> str:
    return f"{API}/models/{client.drums}/projections"


def left_over() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob("soundgan-serve-*"))


@pytest.mark.slow
def test_a_recording_becomes_the_sound_that_the_command_finds(
    client: Client, soundgan: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "mine.wav", tone(0.4, hertz=120))
    content = (tmp_path / "mine.wav").read_bytes()
    begun = client.ask(
        "POST", f"{projections(client)}?name=mine.wav", content=content, headers=AUDIO
    )
    assert begun.status_code == 202, begun.text
    place = begun.headers["location"]
    events = client.get(f"{place}/events").text
    kind, data = events.strip().split("\n\n")[-1].split("\n")[1:]
    assert kind == "event: done", events
    found = json.loads(data.removeprefix("data: "))
    assert client.get(place).json() == found
    done = soundgan("project", "mine.wav", "--model", "drums", "--json")
    (sound,) = json.loads(done.stdout)["sounds"]
    for key in ("address", "label", "distance_db", "bank_db"):
        assert found["sound"][key] == sound[key]
    assert client.get(found["sound"]["url"]).content == Path(sound["path"]).read_bytes()


@pytest.mark.slow
def test_what_is_no_recording_fails_with_the_words_of_the_command(client: Client) -> None:
    before = left_over()
    begun = client.ask("POST", projections(client), content=b"no audio" * 99, headers=AUDIO)
    child = client.service.children.find("project", begun.json()["id"])
    client.service.children.wait(child, 60)
    found: Any = client.get(begun.headers["location"]).json()
    assert found["state"] == "failed"
    assert found["sound"] is None
    assert "recording" in found["error"]
    assert "Traceback" not in json.dumps(found)
    assert left_over() == before


@pytest.mark.slow
def test_a_projection_can_be_given_up(client: Client) -> None:
    begun = client.ask("POST", projections(client), content=b"x", headers=AUDIO)
    place = begun.headers["location"]
    assert client.ask("DELETE", place).status_code == 204
    child = client.service.children.find("project", begun.json()["id"])
    client.service.children.wait(child, 60)
    assert client.get(place).json()["state"] == "stopped"


def test_only_files_are_taken(client: Client) -> None:
    before = left_over()
    where = projections(client)
    for kind in ("", "text/plain", "multipart/form-data; boundary=x", "application/json"):
        found = client.ask("POST", where, content=b"x", headers={"Content-Type": kind})
        assert found.status_code == 415
    assert client.ask("POST", where, content=b"", headers=AUDIO).status_code == 422
    assert client.ask("POST", f"{where}?label=kik", content=b"x", headers=AUDIO).status_code == 422
    assert client.get(f"{where}/0123").status_code == 404
    assert left_over() == before
