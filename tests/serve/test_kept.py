"""Kept sounds: a file that two windows cannot take from each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx

from soundgan.errors import ExitCode
from tests.conftest import Run
from tests.serve.asking import API, Client

FILE = Path("favourites.json")


def put(client: Client, etag: str | None, sounds: list[dict[str, Any]]) -> httpx.Response:
    headers = {} if etag is None else {"If-Match": etag}
    return client.ask("PUT", f"{API}/kept", headers=headers, json={"sounds": sounds})


def etag_of(client: Client) -> str:
    return client.get(f"{API}/kept").headers["etag"]


def test_what_is_kept_is_a_file_that_kit_reads(client: Client, soundgan: Run) -> None:
    model = client.drums
    sounds = [{"address": "42:kick", "model": model, "name": "Boom"}]
    done = put(client, etag_of(client), sounds)
    assert done.status_code == 200
    assert done.headers["etag"] == etag_of(client)
    assert client.api("/kept")["sounds"][0]["name"] == "Boom"
    made = soundgan("kit", str(FILE), "--out", "mine", "--json")
    (sound,) = json.loads(made.stdout)["sounds"]
    assert (sound["name"], sound["address"]) == ("Boom", "42:kick")


def test_two_windows_cannot_lose_each_others_sounds(client: Client) -> None:
    etag, model = etag_of(client), client.drums
    assert put(client, etag, [{"address": "1", "model": model}]).status_code == 200
    late = put(client, etag, [{"address": "2", "model": model}])
    assert late.status_code == 412
    assert put(client, None, []).status_code == 428
    assert [sound["address"] for sound in client.api("/kept")["sounds"]] == ["1"]


def test_order_and_what_a_page_notes_are_kept(client: Client) -> None:
    sounds = [
        {"address": str(seed), "model": client.drums, "note": {"stars": seed}} for seed in (3, 1, 2)
    ]
    put(client, etag_of(client), sounds)
    found = client.api("/kept")["sounds"]
    assert [sound["address"] for sound in found] == ["3", "1", "2"]
    assert [sound["note"]["stars"] for sound in found] == [3, 1, 2]


def test_the_numbers_of_codes_are_kept_too(client: Client) -> None:
    near = client.api(f"/models/{client.drums}/like", params={"kept": "1:kick", "n": 1})
    address = near["sounds"][0]["address"]
    put(client, etag_of(client), [{"address": address, "model": client.drums}])
    (hash,) = json.loads(FILE.read_text("utf-8"))["codes"]
    assert address.startswith(f"code{hash}")


def test_no_address_is_kept_that_says_nothing(client: Client) -> None:
    assert put(client, etag_of(client), [{"address": "a/b", "model": "0" * 16}]).status_code == 422
    assert put(client, etag_of(client), [{"address": "1", "model": "../x"}]).status_code == 422
    assert not FILE.exists()


def test_a_file_of_somebody_else_is_left_alone(client: Client) -> None:
    for content in ("no JSON", '{"sounds": 3}', "[1]"):
        FILE.write_text(content, "utf-8")
        found = client.get(f"{API}/kept")
        assert (found.status_code, found.json()["exit_code"]) == (409, ExitCode.CORRUPT)
        assert put(client, '"x"', []).status_code == 409
        assert FILE.read_text("utf-8") == content
