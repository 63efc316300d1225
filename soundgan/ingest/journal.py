"""Finished work on disk: what a killed run leaves and the next one takes up.

A worker puts its clips into *chunks*, raw 16-bit samples named by their hash, and then the
records of a batch into a *part* that says where each file's clips lie. Both are complete or
absent, and a part is written after its chunks. They need not survive a power cut, because their
hashes tell.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from soundgan.config.settings import Settings
from soundgan.ingest.record import FileRecord
from soundgan.runtime.files import remove, sha256, sha256_file, write_bytes

NAME_DIGITS = 32
CHUNK_BYTES = 32 << 20
"""Clips that a worker holds before it writes them out."""


class Rows(Settings):
    """Consecutive clips in one file."""

    file: Annotated[str, Field(pattern=r"^[0-9a-z-]+\.(clips|npy)$")]
    """A chunk, or a shard of an earlier dataset."""
    first: Annotated[int, Field(ge=0)]
    """Position of the first."""
    count: Annotated[int, Field(ge=1)]
    """How many."""


class Finished(Settings):
    """A file's record and where its clips lie."""

    record: FileRecord
    """Verdict and numbers."""
    rows: tuple[Rows, ...]
    """Its clips, in order."""


class Part(Settings):
    """Finished files of one batch."""

    files: tuple[Finished, ...]
    """In the order they were worked on."""


class PartWriter:
    """Collects the results of one batch and writes them to the work folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._records: list[FileRecord] = []
        self._rows: list[list[Rows]] = [[]]
        self._waiting: list[tuple[int, NDArray[np.int16]]] = []

    def add_clip(self, clip: NDArray[np.int16]) -> None:
        """Append a clip [C, N] of the file whose record comes next."""
        self._waiting.append((len(self._records), clip))
        if len(self._waiting) * clip.nbytes >= CHUNK_BYTES:
            self._flush()

    def add_record(self, record: FileRecord) -> None:
        """Close a file. Clips of one that turned out unusable on the way are dropped."""
        if not record.starts:
            self.drop()
        self._records.append(record)
        self._rows.append([])

    def drop(self) -> None:
        """Forget the clips of the file whose record would come next."""
        self._waiting = [clip for clip in self._waiting if clip[0] != len(self._records)]
        self._rows[-1].clear()

    def close(self) -> str | None:
        """Write everything; returns the part's name, or ``None`` for an empty batch."""
        if not self._records:
            return None
        self._flush()
        part = Part(
            files=tuple(
                Finished(record=record, rows=tuple(rows))
                for record, rows in zip(self._records, self._rows, strict=False)
            )
        )
        content = part.model_dump_json().encode()
        name = f"{sha256(content)[:NAME_DIGITS]}.part"
        write_bytes(self._folder / name, content, durable=False)
        return name

    def _flush(self) -> None:
        if not self._waiting:
            return
        content = np.stack([clip for _, clip in self._waiting]).astype("<i2", copy=False).data
        name = f"{sha256(content)[:NAME_DIGITS]}.clips"
        write_bytes(self._folder / name, content, durable=False)
        position = 0
        for owner, clips in groupby(self._waiting, key=itemgetter(0)):
            count = len(list(clips))
            self._rows[owner].append(Rows(file=name, first=position, count=count))
            position += count
        self._waiting.clear()


def read_part(folder: Path, name: str) -> Part:
    """A part that a worker has just announced."""
    return Part.model_validate_json((folder / name).read_bytes())


def take_up(folder: Path) -> dict[str, Finished]:
    """What an earlier run with the same recipe finished, by key of the record.

    Parts and chunks whose content does not agree with their name are removed.
    """
    whole = {path.name for path in folder.glob("*.clips") if _as_named(path)}
    finished: dict[str, Finished] = {}
    for path in sorted(folder.glob("*.part")):
        if not _as_named(path):
            continue
        try:
            part = Part.model_validate_json(path.read_bytes())
        except ValidationError:  # written by another version of the program
            remove(path)
            continue
        for entry in part.files:
            if all(rows.file in whole for rows in entry.rows) and entry.record.key:
                finished[entry.record.key] = entry
    return finished


def _as_named(path: Path) -> bool:
    if sha256_file(path)[:NAME_DIGITS] == path.stem:
        return True
    remove(path)
    return False
