"""A service as people start it, and what the page in a browser tells."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page

HEAR = """async () => {
    const { player } = await import("/page/player.js");
    window.heard = [];
    player.addEventListener("play", (event) => window.heard.push(event.detail));
}"""


class Served:
    """``soundgan serve`` in a folder, on one port also after a restart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = "0"
        self._process: subprocess.Popen[str] | None = None
        self.url = self.start()

    def start(self) -> str:
        """Begin, and wait until it answers; its address."""
        command = [sys.executable, "-m", "soundgan", "serve", "--no-browser", "--quiet"]
        self._process = subprocess.Popen(
            [*command, "--port", self.port],
            cwd=self.folder,
            env={**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache")},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        url = self._process.stdout.readline().strip()
        assert url.startswith("http://"), url
        self.port = url.rstrip("/").rpartition(":")[2]
        return url

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()


class Watched:
    """A page, everything its console says, and what is played."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self, url: str, *, ready: int = 16) -> None:
        """Open the page and wait for its sounds."""
        self.page.goto(url)
        self.page.evaluate(HEAR)
        self.until_ready(ready)

    def until_ready(self, pads: int = 16) -> None:
        """Wait until so many pads have their sounds."""
        self.page.locator(".pad sg-picture.ready").nth(pads - 1).wait_for(timeout=60_000)

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def heard(self, times: int) -> list[dict[str, Any]]:
        """Wait until so many sounds were played since the page was opened."""
        for _ in range(200):
            found: list[dict[str, Any]] = self.page.evaluate("window.heard")
            if len(found) >= times:
                return found
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{len(found)} sounds played, not {times}")

    def addresses(self) -> list[str]:
        """What is on the pads."""
        pads = self.page.locator(".pad")
        return [pads.nth(i).get_attribute("title") or "" for i in range(pads.count())]

    def until(self, selector: str, text: str) -> None:
        """Wait until an element tells this."""
        self.page.locator(selector).filter(has_text=text).first.wait_for(timeout=60_000)
