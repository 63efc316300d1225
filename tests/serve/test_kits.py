"""Kits as zips: the files of the command."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.serve.asking import API, Client


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.mark.slow
def test_a_kit_holds_the_files_of_the_command(client: Client, soundgan: Run) -> None:
    wanted = {"model": client.drums, "sounds": ["42:kick", "7:snare"], "name": "mine", "layers": 2}
    found = client.ask("POST", f"{API}/kits", json=wanted)
    assert found.status_code == 200, found.text
    assert 'filename="mine.zip"' in found.headers["content-disposition"]
    done = soundgan(
        "kit", "42:kick", "7:snare", "--model", "drums", "--out", "mine", "--layers", "2"
    )
    assert done.code == 0, done.stderr
    made = {p.relative_to("mine").as_posix(): p.read_bytes() for p in Path("mine").rglob("*.*")}
    assert files_of(found.content) == made
    assert client.ask("POST", f"{API}/kits", json=wanted).content == found.content


def test_a_kit_of_what_is_kept_has_the_names_that_it_was_given(client: Client) -> None:
    sounds = [{"address": "42:kick", "model": client.drums, "name": "Boom"}]
    etag = client.get(f"{API}/kept").headers["etag"]
    client.ask("PUT", f"{API}/kept", json={"sounds": sounds}, headers={"If-Match": etag})
    found = client.ask("POST", f"{API}/kits", json={"formats": ["wav"]})
    assert "Samples/Boom.wav" in files_of(found.content)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"sounds": ["1"]},
        {"model": "drums", "sounds": []},
        {"model": "drums", "sounds": ["favourites.json"]},
        {"model": "drums", "sounds": ["../x.wav"]},
        {"model": "drums", "sounds": ["1"], "formats": ["exs"]},
        {"model": "drums", "sounds": ["1"], "level": "loud"},
        {"model": "drums", "sounds": ["1"], "takes": -1},
        {"model": "drums", "sounds": ["1"], "layers": 9},
        {"model": "drums", "sounds": ["1"] * 1025},
    ],
    ids=str,
)
def test_what_is_no_kit_is_refused(client: Client, wrong: dict[str, Any]) -> None:
    if wrong.get("model") == "drums":
        wrong = {**wrong, "model": client.drums}
    found = client.ask("POST", f"{API}/kits", json=wrong)
    assert (found.status_code, found.json()["exit_code"]) == (422, 2), found.text
