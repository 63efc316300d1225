"""Photograph every view of the page that ``soundgan serve`` opens, for docs/play.md."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

WIDTH = 1120
COLOURS = 128
PATIENCE = 180_000  # milliseconds


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a service in ``folder``, which ends with the block."""
    command = [sys.executable, "-m", "soundgan", "serve", "--no-browser", "--quiet", "--port", "0"]
    command += ["--model", "drums"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        yield next(iter(process.stdout or [])).strip()
        process.send_signal(signal.SIGINT)


def photograph_views(browser: str, folder: Path, pictures: Path) -> None:
    """Pictures ``play-VIEW.png`` of every view.

    Args:
        browser: The program.
        folder: Holds a run, prepared data, and ``plots/`` with the picture of a spectrogram.
            What soundgan knows of that picture is taken away.
        pictures: Where they go.
    """
    with served(folder) as url, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": WIDTH, "height": 640}, color_scheme="dark")
        page.set_default_timeout(PATIENCE)
        page.goto(url)
        page.locator(".pad sg-picture.ready").nth(15).wait_for()
        _pads(page)
        _take(page, pictures / "play-pads.png", height=570)
        page.locator("#tab-kept").click()
        page.locator(".kept sg-picture.ready").nth(2).wait_for()
        page.get_by_label("Name of 3:kick").fill("Boom")
        page.get_by_label("Name of 3:kick").press("Enter")
        page.get_by_label("Play Boom").wait_for()
        _take(page, pictures / "play-kept.png", height=270)
        page.locator("#tab-map").click()
        page.locator("#said").filter(has_text="300 sounds").wait_for()
        _take(page, pictures / "play-map.png", height=560)
        page.locator("#tab-training").click()
        page.locator("sg-previews output").filter(has_text="step").wait_for()
        page.wait_for_timeout(1500)  # its picture and curves
        _take(page, pictures / "play-training.png", height=960)
        page.locator("#tab-pictures").click()
        plot = folder / "somebody-elses.png"
        with Image.open(next((folder / "plots").glob("*.png"))) as image:
            Image.fromarray(np.asarray(image.convert("RGB"))).save(plot)
        page.get_by_label("Picture of a spectrogram").set_input_files(plot)
        page.locator("#said").filter(has_text="seconds at").wait_for()
        _take(page, pictures / "play-pictures.png", height=900)
        chromium.close()


def _pads(page: Page) -> None:
    """Some kept, some marked, one locked."""
    for key in ("2", "k", "3", "k", "l", "5", "m", "w", "k", "m", "3"):
        page.keyboard.press(key)
        page.wait_for_timeout(300)
    page.locator(".pad").filter(has_text="★").nth(2).wait_for()
    page.wait_for_timeout(1000)  # until the last has been played


def _take(page: Page, picture: Path, *, height: int) -> None:
    """The top of what is to be seen, in few colours."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.wait_for_timeout(500)
    page.screenshot(path=picture)
    with Image.open(picture) as image:
        reduced = image.convert("RGB").quantize(COLOURS)
    reduced.save(picture, optimize=True)
