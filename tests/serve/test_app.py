"""The service as a whole: its schema, its health, its page, and what it has not got."""

from __future__ import annotations

import pytest

from soundgan.serve import pages
from soundgan.version import VERSION
from tests.serve.asking import API, Client


def test_it_says_that_it_is_well(client: Client) -> None:
    assert client.get("/healthz").json() == {"schema": 1, "status": "ok", "version": VERSION}


def test_metrics_count_sounds_in_the_form_of_prometheus(client: Client) -> None:
    for path in ("1.wav", "1.png", "2.wav"):
        client.sounds(path)
    found = client.get("/metrics")
    assert found.headers["content-type"].startswith("text/plain")
    assert "\nsoundgan_sounds_total 2\n" in found.text


@pytest.mark.parametrize(
    "path", ["/nothing", f"{API}/nothing", "/page/../app.py", "/page/%2e%2e/app.py"]
)
def test_what_is_not_there_is_a_problem(client: Client, path: str) -> None:
    found = client.get(path)
    assert (found.status_code, found.headers["content-type"]) == (404, "application/problem+json")


def test_a_wrong_verb_is_a_problem(client: Client) -> None:
    found = client.ask("DELETE", f"{API}/kept")
    assert (found.status_code, found.headers["content-type"]) == (405, "application/problem+json")


def test_a_fault_of_the_service_is_told_without_its_insides(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(client.service.shelf, "models", fail)
    found = client.get(f"{API}/models")
    assert (found.status_code, found.json()["exit_code"]) == (500, 1)
    assert "secret" not in found.text


def test_only_files_of_the_page_are_given(client: Client) -> None:
    for name in pages._listed():
        found = client.get(f"/page/{name}")
        assert found.status_code == 200
        assert found.content == (pages.FOLDER / name).read_bytes()


def test_the_schema_is_openapi_3_1_and_names_every_problem(client: Client) -> None:
    schema = client.get(f"{API}/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    for path, methods in schema["paths"].items():
        if path.startswith(API):
            for said in methods.values():
                assert "4XX" in said["responses"]
