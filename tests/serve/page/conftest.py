"""A browser of this machine, a service, and a page in both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.serve.page.served import Served, Watched

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one file of tests: as long as it is open an event loop runs here, and others cannot."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed, and the page needs one")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Served]:
    service = Served(tmp_path_factory.mktemp("served"))
    yield service
    service.stop()


@pytest.fixture
def watched(browser: Browser, served: Served) -> Iterator[Watched]:
    """The page; whatever its console complains of fails the test."""
    (served.folder / "favourites.json").unlink(missing_ok=True)
    context = browser.new_context(accept_downloads=True, viewport={"width": 1180, "height": 800})
    watching = Watched(context.new_page())
    watching.open(served.url)
    yield watching
    context.close()
    assert watching.complaints == []


@pytest.fixture
def folder(served: Served) -> Path:
    return served.folder
