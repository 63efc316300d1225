"""Hostile hosts, origins, tokens and bodies: who is answered, and who is not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from soundgan.serve import guard
from soundgan.serve.settings import Settings
from tests.serve.asking import API, Client

KEPT = f"{API}/kept"


def asked(client: Client, method: str = "GET", path: str = KEPT, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body: dict[str, object] | None = {"sounds": []} if method == "PUT" else None
    return client.ask(method, path, headers=named, json=body).status_code


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8765", "localhost:8765", "LOCALHOST:8765", "[::1]:8765"]
)
def test_names_of_this_machine_are_answered(client: Client, host: str) -> None:
    assert asked(client, Host=host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8765",
        "127.0.0.1",
        "127.0.0.1:80",
        "localhost.evil.example:8765",
        "127.0.0.1.nip.io:8765",
        "0.0.0.0:8765",
        "192.168.0.7:8765",
        "user@127.0.0.1:8765",
        "[::1]",
        "[::1%25eth0]:8765",
        "127.0.0.1:8765/",
        "localhost:8765:8765",
        "",
    ],
)
def test_a_name_that_was_made_to_mean_this_machine_is_not_answered(
    client: Client, host: str
) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert asked(client, method, Host=host) == 421


@pytest.mark.parametrize(
    "origin",
    ["null", "http://evil.example", "https://127.0.0.1:8765", "http://127.0.0.1:8766", "x"],
)
def test_other_origins_are_refused(client: Client, origin: str) -> None:
    assert asked(client, "PUT", Origin=origin) == 403
    assert asked(client, "GET", Origin=origin) == 403


def test_the_own_page_and_programs_are_answered(client: Client) -> None:
    own = {"Origin": "http://127.0.0.1:8765", "Sec_Fetch_Site": "same-origin"}
    assert asked(client, "PUT", **own) == 428
    assert asked(client, "PUT") == 428


@pytest.mark.parametrize("site", ["cross-site", "same-site", "other"])
def test_what_another_site_embeds_or_sends_is_refused(client: Client, site: str) -> None:
    assert asked(client, "GET", Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors") == 403
    assert asked(client, "PUT", Sec_Fetch_Site=site, Sec_Fetch_Mode="navigate") == 403
    assert asked(client, "GET", Sec_Fetch_Site=site, Sec_Fetch_Mode="navigate") == 200


def test_no_form_of_another_kind_is_read_as_json(client: Client) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        found = client.ask(
            "PUT",
            KEPT,
            content=b'{"sounds": []}',
            headers={"Content-Type": kind, "If-Match": client.get(KEPT).headers["etag"]},
        )
        assert found.status_code == 422


def test_every_answer_forbids_what_browsers_should_not_do(client: Client) -> None:
    for path in ("/", KEPT, "/healthz", f"{API}/models/x/sounds/1.wav"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers


def test_a_body_is_counted_whether_or_not_it_says_its_length(tmp_path: Path) -> None:
    client = Client(Settings(folder=tmp_path, most_bytes=1000))

    async def much() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b" " * 200

    try:
        said = client.ask("PUT", KEPT, content=b" " * 2000)
        unsaid = client.ask("PUT", KEPT, content=much())
    finally:
        client.close()
    assert (said.status_code, unsaid.status_code) == (413, 413)


def test_many_changes_at_once_are_slowed_down(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "CHANGES_PER_SECOND", 0.0)
    put: tuple[str, str, dict[str, object]] = ("PUT", KEPT, {"json": {"sounds": []}})
    wanted = [put] * (int(guard.MOST_CHANGES) + 5)
    found = [answer.status_code for answer in client.ask_all(wanted)]
    assert found.count(429) == 5
    assert client.get(KEPT).status_code == 200


@pytest.fixture
def remote(tmp_path: Path) -> Client:
    return Client(Settings(folder=tmp_path, host="0.0.0.0", token="s3cret"))


def test_without_the_token_other_machines_get_nothing(remote: Client) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic s3cret"},
        {"Cookie": "soundgan=wrong"},
        {"Cookie": "soundgan=%C3%BC; ="},
        {"Cookie": "other=s3cret"},
    ):
        for path in (KEPT, "/", "/metrics", f"{API}/openapi.json"):
            assert remote.get(path, headers=headers).status_code == 401
    assert remote.get("/healthz").status_code == 200
    assert remote.get("/?token=wrong").status_code == 401
    remote.close()


def test_the_token_of_the_address_becomes_a_cookie_of_this_site_alone(remote: Client) -> None:
    found = remote.get(f"{KEPT}?token=s3cret&other=1")
    assert (found.status_code, found.headers["location"]) == (303, f"{KEPT}?other=1")
    cookie = found.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert remote.get(KEPT, headers={"Cookie": "soundgan=s3cret"}).status_code == 200
    assert remote.get(KEPT, headers={"Authorization": "Bearer s3cret"}).status_code == 200
    away = remote.get("//evil.example/?token=s3cret")
    assert not away.headers.get("location", "/").startswith("//")
    remote.close()


def test_other_machines_may_use_addresses_but_no_names(remote: Client) -> None:
    shown = {"Authorization": "Bearer s3cret"}
    assert remote.get(KEPT, headers={**shown, "Host": "192.168.0.7:8765"}).status_code == 200
    assert remote.get(KEPT, headers={**shown, "Host": "evil.example:8765"}).status_code == 421
    remote.close()
