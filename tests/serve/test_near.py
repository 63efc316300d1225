"""Sounds near others: the addresses that the commands give."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Run
from tests.serve.asking import API, Client


def addresses(client: Client, path: str, **query: object) -> list[str]:
    found = client.api(f"/models/{client.drums}/{path}", params=query)
    for sound in found["sounds"]:
        assert client.get(sound["url"]).status_code == 200
    return [sound["address"] for sound in found["sounds"]]


def of_command(soundgan: Run, *words: str) -> list[str]:
    done = soundgan(*words, "--model", "drums", "--json", "--out", "cli")
    return [sound["address"] for sound in json.loads(done.stdout)["sounds"]]


def test_variations_takes_and_morphs_are_those_of_the_commands(
    client: Client, soundgan: Run
) -> None:
    assert addresses(client, "variations", of="42:kick", n=3, first=4) == of_command(
        soundgan, "vary", "42:kick", "-n", "3", "--first", "4"
    )
    assert addresses(client, "variations", of="42", n=2, kind="take") == of_command(
        soundgan, "vary", "42", "-n", "2", "--takes"
    )
    assert addresses(client, "morphs", of=["42:kick", "43:snare", "7"], n=5) == of_command(
        soundgan, "morph", "42:kick", "43:snare", "7", "-n", "5"
    )


def test_more_like_some_are_those_of_the_command(client: Client, soundgan: Run) -> None:
    asked = {"kept": ["1:kick", "2:kick"], "dropped": ["3:kick"], "n": 2}
    assert addresses(client, "like", **asked) == of_command(
        soundgan, "like", "1:kick", "2:kick", "--not", "3:kick", "-n", "2"
    )


@pytest.mark.slow
def test_directions_are_told_with_how_good_they_are_and_can_be_gone(
    client: Client, soundgan: Run
) -> None:
    told = client.api(f"/models/{client.drums}/directions", params={"label": "kick"})
    assert all(one["offered"] == (one["r2"] >= 0.5) for one in told["directions"])
    moved = addresses(client, "variations", of="42:kick", brighter=1, strength=0, n=1)
    assert moved == of_command(soundgan, "vary", "42:kick", "--brighter", "1")


@pytest.mark.parametrize(
    "wrong",
    [
        "variations",
        "variations?of=42&n=0",
        "variations?of=42&strength=2",
        "variations?of=42&kind=other",
        "variations?of=a/b",
        "morphs?of=42",
        "like?kept=",
        "directions",
        "directions?label=kik",
    ],
)
def test_what_cannot_be_is_a_problem(client: Client, wrong: str) -> None:
    found = client.get(f"{API}/models/{client.drums}/{wrong}")
    assert found.status_code == 422, found.text
    assert found.headers["content-type"] == "application/problem+json"
    assert found.json()["exit_code"] == 2
