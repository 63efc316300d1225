"""The schema of v1: what is promised to programs, as it was first given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.serve.asking import API, Client

FROZEN = Path(__file__).parent / "openapi-v1.json"


def test_the_schema_holds_everything_that_was_promised(client: Client) -> None:
    """Whatever is added is added to the frozen file; what is there stays for the life of v1."""
    promised = json.loads(FROZEN.read_text("utf-8"))
    now = client.api("/openapi.json")
    del promised["info"]["version"]
    assert list(missing(promised, now, "")) == []


def missing(promised: Any, now: Any, place: str) -> list[str]:
    """Where something of ``promised`` is not in ``now``; in words one may change everything."""
    if isinstance(promised, dict):
        if not isinstance(now, dict):
            return [place]
        found = []
        for key, value in promised.items():
            if key in ("description", "summary", "title"):
                continue
            here = f"{place}/{key}"
            found += missing(value, now[key], here) if key in now else [here]
        return found
    if isinstance(promised, list):
        return [place] if not all(item in now for item in promised) else []
    return [] if promised == now else [f"{place}: {promised!r} is {now!r}"]


def test_nothing_that_exists_is_left_out_of_the_frozen_file(client: Client) -> None:
    promised = json.loads(FROZEN.read_text("utf-8"))
    now = client.api("/openapi.json")
    assert promised["paths"].keys() == now["paths"].keys()
    assert promised["components"]["schemas"].keys() == now["components"]["schemas"].keys()


def test_what_was_promised_is_missed_where_it_is_gone() -> None:
    before = {"paths": {"/a": {"get": {"tags": ["x"]}}}}
    assert missing(before, {"paths": {}}, "") == ["/paths//a"]
    assert missing(before, {"paths": {"/a": {"get": {"tags": ["y"]}}}}, "") == [
        "/paths//a/get/tags"
    ]
    assert missing(before, {**before, "more": 1}, "") == []


def test_every_json_answer_says_its_schema(client: Client) -> None:
    schema = client.api("/openapi.json")
    for path, methods in schema["paths"].items():
        for said in methods.values():
            for code, response in said["responses"].items():
                content = response.get("content", {}).get("application/json")
                if content is None or not code.startswith("2") or not path.startswith(API):
                    continue
                name = content["schema"]["$ref"].rpartition("/")[2]
                assert "schema" in schema["components"]["schemas"][name]["properties"], path
