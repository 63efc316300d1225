"""Sounds by their URLs: the command line's bytes, and what HTTP promises about them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.serve.asking import API, Client


def test_a_sound_is_the_file_of_the_command_line(
    client: Client, soundgan: Run, tmp_path: Path
) -> None:
    addresses = ("42:kick", "7", "42:kick~vary5@0.3", "42:kick+43:snare", "3:~take2~trunc0.8")
    made = soundgan("generate", *addresses, "--model", "drums", "--png", "--out", "cli", "--quiet")
    assert made.code == 0, made.stderr
    paths = [Path(line) for line in made.stdout.splitlines()]
    for address, path in zip(addresses, paths, strict=True):
        for ending in ("wav", "png"):
            found = client.sounds(f"{address}.{ending}")
            file = path.with_suffix(f".{ending}") if ending == "png" else path
            content = file.with_name(path.stem + f".{ending}").read_bytes()
            assert found.content == content
            assert found.headers["etag"] == f'"{sha256(content).hexdigest()}"'
            assert f'filename="{path.stem}.{ending}"' in found.headers["content-disposition"]
            assert found.headers["cache-control"] == "private, max-age=31536000, immutable"


def test_a_flac_is_that_of_the_command_line(client: Client, soundgan: Run) -> None:
    made = soundgan("generate", "42:kick", "--model", "drums", "--format", "flac", "--out", "cli")
    assert client.sounds("42:kick.flac").content == Path(made.stdout.strip()).read_bytes()


def test_bytes_do_not_depend_on_what_is_asked_at_the_same_time(client: Client) -> None:
    paths = [f"{API}/models/{client.drums}/sounds/{seed}.wav" for seed in range(12)]
    together = client.ask_all([("GET", path, {}) for path in paths])
    other = Client(client.settings)
    try:
        alone = [other.get(path).content for path in reversed(paths)]
    finally:
        other.close()
    assert [one.content for one in together] == list(reversed(alone))


def test_class_and_truncation_may_be_asked_for_beside_the_address(client: Client) -> None:
    said = client.sounds("42:kick~trunc0.5.wav").content
    assert client.sounds("42.wav", params={"label": "kick", "truncation": 0.5}).content == said
    twice = client.sounds("42:kick.wav", params={"label": "snare"})
    assert (twice.status_code, twice.json()["exit_code"]) == (422, 2)


def test_whoever_has_the_bytes_gets_none_again(client: Client) -> None:
    etag = client.sounds("42:kick.wav").headers["etag"]
    for condition in (etag, f'"other", {etag}', "*", f"W/{etag}"):
        again = client.sounds("42:kick.wav", headers={"If-None-Match": condition})
        assert (again.status_code, again.content) == (304, b"")
    assert client.sounds("42:kick.wav", headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-3", slice(0, 4)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-10", slice(-10, None)),
        ("bytes=5-9999999", slice(5, None)),
        ("bytes=0-0", slice(0, 1)),
    ],
)
def test_one_range_is_given(client: Client, wanted: str, part: slice) -> None:
    whole = client.sounds("42:kick.wav").content
    found = client.sounds("42:kick.wav", headers={"Range": wanted})
    assert found.status_code == 206
    assert found.content == whole[part]
    first = range(len(whole))[part][0]
    assert found.headers["content-range"] == (
        f"bytes {first}-{first + len(found.content) - 1}/{len(whole)}"
    )


@pytest.mark.parametrize(
    "wanted",
    ["bytes=0-1,4-5", "bytes=9-4", "bytes=-", "lines=1-2", "bytes=x-1", "bytes=" + "9" * 40],
)
def test_other_ranges_are_ignored(client: Client, wanted: str) -> None:
    found = client.sounds("42:kick.wav", headers={"Range": wanted})
    assert (found.status_code, found.content) == (200, client.sounds("42:kick.wav").content)


def test_a_range_behind_the_end_is_refused_with_the_size(client: Client) -> None:
    size = len(client.sounds("42:kick.wav").content)
    for wanted in (f"bytes={size}-", "bytes=-0"):
        found = client.sounds("42:kick.wav", headers={"Range": wanted})
        assert (found.status_code, found.headers["content-range"]) == (416, f"bytes */{size}")


def test_a_range_of_other_bytes_is_the_whole(client: Client) -> None:
    asked = {"Range": "bytes=0-3", "If-Range": '"other"'}
    assert client.sounds("42:kick.wav", headers=asked).status_code == 200


def test_head_tells_all_and_sends_nothing(client: Client) -> None:
    path = f"{API}/models/{client.drums}/sounds/42:kick.wav"
    head, got = client.ask("HEAD", path), client.get(path)
    assert head.content == b""
    assert head.headers == got.headers


def test_facts_name_the_complete_address_and_all_files(client: Client) -> None:
    facts = client.sounds("42.json").json()
    assert (facts["schema"], facts["address"], facts["label"]) == (1, "42:snare", "snare")
    for ending, url in facts["urls"].items():
        found = client.get(url)
        assert found.status_code == 200, ending
        assert f'"{facts["name"]}.{ending}"' in found.headers["content-disposition"]


def test_what_is_no_sound_is_told_in_the_words_of_the_command_line(
    client: Client, soundgan: Run
) -> None:
    for wrong in ("42:kik", "42~vary0@0.3", "kick", "code0123456789abcdef:kick", "9" * 30):
        found = client.sounds(f"{wrong}.wav")
        told = soundgan("generate", wrong, "--model", "drums", "--out", "cli")
        assert found.headers["content-type"] == "application/problem+json"
        assert f"error: {found.json()['detail']}" in told.stderr
        assert (found.status_code, found.json()["exit_code"]) == (422, told.code)


def test_an_address_is_never_taken_for_a_file(client: Client, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(client.sounds("42:kick.wav").content)
    for wrong in ("a.wav", "..%2Fa.wav", "%2Fetc%2Fpasswd"):
        assert client.sounds(f"{wrong}.wav").status_code in (404, 422)


def test_too_many_sounds_at_once_are_refused_for_a_second(client: Client) -> None:
    client.service.kitchen._most_waiting = 0
    found = client.sounds("42:kick.wav")
    assert (found.status_code, found.headers["retry-after"]) == (429, "1")
