"""What is kept: a file in the working folder that two tabs may change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.serve.page.served import Served, Watched

pytestmark = pytest.mark.slow


def kept(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "favourites.json").read_text())["sounds"]
    return found


def test_k_keeps_in_the_file_and_lets_go(watched: Watched, folder: Path) -> None:
    watched.press("2", "k")
    watched.until(".pad.chosen", "★")
    assert [sound["address"] for sound in kept(folder)] == ["2:hat"]
    watched.press("k")
    watched.until("#said", "No longer kept")
    assert kept(folder) == []


def test_kept_sounds_are_named_ordered_and_made_a_kit(
    watched: Watched, folder: Path, tmp_path: Path
) -> None:
    page = watched.page
    watched.press("1", "k", "3", "k")
    watched.until("#kept-count", "2")
    page.locator("#tab-kept").click()
    page.get_by_label("Name of 3:kick").fill("boom")
    page.get_by_label("Name of 3:kick").press("Enter")
    page.get_by_label("Play boom").click()
    assert "/sounds/3%3A" in watched.heard(3)[2]["url"]
    page.get_by_label("Move boom up").click()
    page.locator(".kept li").first.get_by_label("Play boom").wait_for()
    assert [sound.get("name") for sound in kept(folder)] == ["boom", None]
    with page.expect_download() as download:
        page.get_by_role("button", name="Make a kit").click()
    assert download.value.suggested_filename == "kit.zip"
    download.value.save_as(tmp_path / "kit.zip")
    with ZipFile(tmp_path / "kit.zip") as archive:
        assert sum(name.endswith(".wav") for name in archive.namelist()) == 2


def test_two_tabs_lose_nothing_of_each_other(watched: Watched, served: Served) -> None:
    other = Watched(watched.page.context.new_page())
    other.open(served.url)
    watched.press("1", "k")
    watched.until("#kept-count", "1")
    other.press("2", "k")
    other.until("#kept-count", "2")
    watched.until("#kept-count", "2")
    assert [sound["address"] for sound in kept(served.folder)] == ["1:clap", "2:hat"]
    assert other.complaints == []
