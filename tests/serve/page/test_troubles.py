"""A service that is slow, that comes back, or whose model is replaced."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route

from tests.serve.page.served import Served, Watched

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures/v1"

pytestmark = pytest.mark.slow


def test_decoded_sounds_play_while_the_service_restarts(watched: Watched, served: Served) -> None:
    served.stop()
    watched.press("1")
    watched.heard(1)
    watched.press("v")
    watched.until("#problem", "does not answer")
    served.start()
    watched.press("v")
    watched.until("#said", "15 variations")
    watched.until_ready()
    assert watched.page.locator("#problem").is_hidden()
    assert all("ERR_" in text for text in watched.complaints)  # the browser's own lines
    watched.complaints.clear()


def test_a_slow_sound_plays_only_if_nothing_else_was_asked_for_since(
    browser: Browser, served: Served
) -> None:
    held: list[Route] = []
    page = browser.new_page()
    page.route("**/sounds/1%3A*.wav", lambda route: held.append(route))
    watched = Watched(page)
    watched.open(served.url, ready=15)
    watched.press("1", "2")
    watched.heard(1)
    for route in held:
        route.continue_()
    watched.until_ready()
    (only,) = watched.heard(1)
    assert "/sounds/2%3A" in only["url"]
    page.close()
    assert watched.complaints == []


def test_a_model_that_is_replaced_is_played_on_and_the_new_one_listed(
    browser: Browser, served: Served
) -> None:
    path = served.folder / "runs/mine/model.safetensors"
    path.parent.mkdir(parents=True)
    shutil.copy(FIXTURES / "run/model.safetensors", path)
    page = browser.new_page()
    watched = Watched(page)
    watched.open(served.url)
    before = page.locator("#model").input_value()
    shutil.copy(FIXTURES / "half.safetensors", path)
    watched.press("v")
    watched.until("#said", "15 variations")
    watched.until_ready()
    watched.open(served.url)
    assert page.locator("#model").input_value() != before
    page.close()
    assert watched.complaints == []
