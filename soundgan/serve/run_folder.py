"""What a run folder says of its training while it goes on, read from its files."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from soundgan.errors import ArtefactError
from soundgan.pipelines.documents import CONFIG, EVALUATION, MODEL_NAME, read_run_record
from soundgan.pipelines.evaluate.request import PAGE
from soundgan.pipelines.find_model import RUNS, is_run
from soundgan.runtime.locks import LOCK
from soundgan.serve.problems import not_found
from soundgan.serve.sounds import API

METRICS, EVENTS = "metrics.jsonl", "events.jsonl"

_HOLDER = re.compile(rb"process (\d{1,9}) ")
_PREVIEW = re.compile(r"step-(\d+)\.png")
_AT_ONCE = 1 << 18
"""Bytes of a log that are read at a time."""


class RewrittenError(Exception):
    """A log no longer holds what was told of it: its training went back to an earlier step."""


@dataclass(frozen=True)
class RunFolder:
    """A folder that ``soundgan train`` works in, or has.

    Attributes:
        path: The folder.
    """

    path: Path

    @property
    def name(self) -> str:
        """What names it."""
        return self.path.name

    @property
    def process_id(self) -> int | None:
        """The process that trains in it, if one does."""
        try:
            with (self.path / LOCK).open("rb") as file:
                found = _HOLDER.match(file.read(100))
            held = (self.path / LOCK).stat().st_mtime
            if found is None:
                return None
            process = psutil.Process(int(found[1]))
            # A number may be given to another process once its owner is gone.
            ours = process.create_time() <= held + 1.0 and process.status() != "zombie"
        except (OSError, psutil.Error):
            return None
        return process.pid if ours else None

    @property
    def steps(self) -> int | None:
        """Steps that were asked for."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            text = (self.path / CONFIG).read_text("utf-8")
            return int(tomllib.loads(text)["training"]["steps"])
        return None

    @property
    def labels(self) -> list[str]:
        """Classes that it is trained on."""
        with suppress(ArtefactError):
            return [str(label) for label in read_run_record(self.path).get("labels") or ()]
        return []

    @property
    def model(self) -> Path | None:
        """Its model, once there is one."""
        path = self.path / MODEL_NAME
        return path if path.is_file() else None

    def last(self, log: str) -> dict[str, Any]:
        """The last whole line of a log; empty without one."""
        path = self.path / log
        with suppress(OSError):
            size = path.stat().st_size
            lines = list(read_lines(path, max(0, size - _AT_ONCE), anywhere=True))
            if lines:
                return lines[-1][0]
        return {}

    def previews(self) -> dict[int, Path]:
        """Pictures of fixed seeds by their steps, in their order."""
        found = {}
        for path in (self.path / "samples").glob("step-*.png"):
            if named := _PREVIEW.fullmatch(path.name):
                found[int(named[1])] = path
        return dict(sorted(found.items()))

    def sounds(self, step: int) -> dict[str, Path]:
        """What a preview lets one hear, by the names of the files."""
        found = sorted((self.path / "samples").glob(f"step-{step:09d}-*.wav"))
        return {path.name: path for path in found}

    def reports(self) -> dict[str, Path]:
        """Pages that ``soundgan evaluate`` has left in the run, or below its ``evaluation``."""
        places = [self.path / PAGE, *sorted((self.path / EVALUATION).rglob(PAGE))]
        return {
            "-".join(path.relative_to(self.path).parts): path for path in places if path.is_file()
        }


def find_run(name: str) -> RunFolder:
    """The run of this name.

    Raises:
        Refusal: There is none.
    """
    found = run_folders().get(name)
    if found is None:
        raise not_found(f"{name}: no run of this name in {RUNS}/")
    return found


def run_url(name: str, below: str = "") -> str:
    """Where a run is, or something of it."""
    return f"{API}/runs/{quote(name)}" + (f"/{below}" if below else "")


def run_folders() -> dict[str, RunFolder]:
    """All runs by their names, the newest first."""

    def changed(folder: Path) -> float:
        with suppress(OSError):
            return (folder / METRICS).stat().st_mtime
        return 0.0

    folders = sorted(filter(is_run, RUNS.glob("*")), key=lambda f: (-changed(f), f.name))
    return {folder.name: RunFolder(folder) for folder in folders}


def read_lines(
    path: Path, begin: int, *, anywhere: bool = False
) -> Iterator[tuple[dict[str, Any], int]]:
    """Whole lines of a log from a place on, each with the place behind it.

    Args:
        path: The log.
        begin: Bytes before the first.
        anywhere: Whether ``begin`` may lie within a line, which is left out.

    Raises:
        RewrittenError: No line ends at ``begin``.
    """
    try:
        with path.open("rb") as file:
            file.seek(max(0, begin - 1))
            content = file.read(_AT_ONCE + 1)
    except FileNotFoundError:
        content = b""
    if begin:
        if not anywhere and content[:1] != b"\n":
            raise RewrittenError
        skipped = content.find(b"\n") + 1
        begin, content = begin - 1 + skipped, content[skipped:]
    for line in content.splitlines(keepends=True):
        if not line.endswith(b"\n"):
            return
        begin += len(line)
        with suppress(ValueError):
            # JSON itself knows no infinities, and pages cannot read them.
            yield json.loads(line, parse_constant=lambda _: None), begin
