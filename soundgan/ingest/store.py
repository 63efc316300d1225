"""The prepared folder: whose it is, what can be taken over, and writing it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from soundgan.config.settings import Settings
from soundgan.data.manifest import (
    MANIFEST,
    ClipEntry,
    ForeignManifestError,
    Manifest,
    read_manifest,
)
from soundgan.data.shards import DTYPE, ShardWriter, open_shard, verify_shard
from soundgan.errors import ArtefactError, OutputError
from soundgan.ingest.clip_recipe import ClipRecipe
from soundgan.ingest.journal import Finished, Rows
from soundgan.ingest.ledger import Entry
from soundgan.ingest.record import FileRecord, FileVerdict
from soundgan.runtime.files import (
    make_folder,
    remove,
    remove_work,
    sweep_temporaries,
    write_bytes,
)
from soundgan.runtime.locks import LOCK_FILES

REPORT = "report.json"
REPORT_KIND = "soundgan preparation report"
REPORT_SCHEMA = 1
PAGE = "report.html"
WORK = ".soundgan-work"
"""Unfinished work inside a prepared folder; gone when the command is."""

_SHARD_GLOB = "clips-[0-9][0-9][0-9][0-9][0-9]-*.npy"


class _EarlierFile(FileRecord, extra="ignore"):
    """A line of a report, of which only what follows from the file's bytes is wanted."""

    clips: int
    alone: tuple[FileVerdict, str] | None

    def record(self) -> FileRecord:
        values = {name: getattr(self, name) for name in FileRecord.model_fields}
        if self.alone is not None:
            values["verdict"], values["reason"] = self.alone
        return FileRecord(**values)


class _EarlierReport(Settings, extra="ignore"):
    """The part of a report that can be used again."""

    fingerprint: str
    files: tuple[_EarlierFile, ...]


def refuse_foreign(out: Path) -> None:
    """Make sure that ``out`` is new, empty or a prepared folder.

    Raises:
        OutputError: It holds something else.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise OutputError(f"{out}: is a file; choose another `out`")
    if (out / MANIFEST).exists():
        with suppress(ArtefactError):  # a damaged dataset of our own may be replaced
            try:
                read_manifest(out)
            except ForeignManifestError as error:
                raise OutputError(f"{error}; choose another `out`") from error
        return
    names = {path.name for path in out.iterdir()} - {*LOCK_FILES, REPORT, PAGE}
    if names and WORK not in names:
        raise OutputError(
            f"{out}: not empty, and not a prepared folder; choose another `out` or empty it"
        )


def open_work(out: Path, recipe: ClipRecipe) -> Path:
    """The folder for unfinished work with this recipe; lock ``out`` first.

    Raises:
        OutputError: It cannot be made, or a link stands in its place: it would be cleared.
    """
    work = out / WORK / recipe.fingerprint[:16]
    for folder in (work.parent, work):
        if folder.is_symlink():
            raise OutputError(f"{folder}: a link where unfinished work should be; remove it")
    make_folder(work)
    sweep_temporaries(work, held=True)
    return work


def take_over(out: Path, recipe: ClipRecipe) -> dict[str, Finished]:
    """What the dataset already in ``out`` holds of this recipe, by key of the record.

    Nothing when the recipe differs or anything about the dataset is doubtful.
    """
    try:
        manifest, _ = read_manifest(out)
        report = _EarlierReport.model_validate_json((out / REPORT).read_bytes())
        if report.fingerprint != recipe.fingerprint:
            return {}
        if (manifest.channels, manifest.n_samples) != (recipe.channels, recipe.n_samples):
            return {}
        for shard in manifest.shards:
            verify_shard(out, shard)
            open_shard(out, shard, manifest.stored_shape)
    except (ArtefactError, OSError, ValidationError):
        return {}
    rows = _rows_by_sound(manifest)
    owners = {file.decoded_sha256 or "": file.cut_up for file in report.files if file.clips}
    finished: dict[str, Finished] = {}
    for entry in report.files:
        record = entry.record()
        found = rows.get(record.decoded_sha256 or "", ())
        if owners.get(record.decoded_sha256 or "", record.cut_up) != record.cut_up:
            continue  # its clips are not those of its twin
        if record.key and sum(part.count for part in found) == len(record.starts):
            finished[record.key] = Finished(record=record, rows=found)
    return finished


def _rows_by_sound(manifest: Manifest) -> dict[str, tuple[Rows, ...]]:
    places = [
        Rows(file=shard.file, first=number, count=1)
        for shard in manifest.shards
        for number in range(shard.clips)
    ]
    found: dict[str, list[Rows]] = {}
    for clip, place in zip(manifest.clips, places, strict=True):
        found.setdefault(clip.decoded_sha256, []).append(place)
    return {sound: tuple(_joined(parts)) for sound, parts in found.items()}


class ClipReader:
    """Finished clips, wherever they lie: in chunks of this run or shards of an earlier one."""

    def __init__(self, out: Path, work: Path, n_samples: int, channels: int = 1) -> None:
        self._folders = {".npy": out, ".clips": work}
        self._shape = (channels, n_samples)
        # Files are visited nearly in order; few need to be open, and a process may hold few.
        self._map = lru_cache(maxsize=8)(self._open)

    def read(self, rows: Iterable[Rows]) -> Iterator[NDArray[np.int16]]:
        """Clips [B, C, N] at ``rows``, in that order; neighbours come in one block."""
        for part in _joined(rows):
            if part.file.endswith(".clips"):
                yield self._chunk(part)
            else:
                yield self._map(part.file)[part.first : part.first + part.count]

    def close(self) -> None:
        """Hold no shard any more: Windows lets nobody remove a file that is mapped."""
        self._map.cache_clear()

    def _chunk(self, rows: Rows) -> NDArray[np.int16]:
        # Most chunks are read once and whole: reading costs half of mapping them.
        size = math.prod(self._shape)
        clips = np.fromfile(
            self._folders[".clips"] / rows.file,
            DTYPE,
            count=rows.count * size,
            offset=rows.first * size * DTYPE.itemsize,
        )
        return clips.reshape(rows.count, *self._shape)

    def _open(self, name: str) -> NDArray[np.int16]:
        clips = np.lib.format.open_memmap(self._folders[".npy"] / name, mode="r")
        return clips.reshape(len(clips), *self._shape)


def _joined(rows: Iterable[Rows]) -> Iterator[Rows]:
    held: Rows | None = None
    for part in rows:
        if held is not None and part.file == held.file and part.first == held.first + held.count:
            held = Rows(file=held.file, first=held.first, count=held.count + part.count)
            continue
        if held is not None:
            yield held
        held = part
    if held is not None:
        yield held


def write_clips(
    out: Path,
    entries: Sequence[Entry],
    finished: Mapping[str, Finished],
    reader: ClipReader,
    recipe: ClipRecipe,
    labels: tuple[str, ...],
    parameters: dict[str, Any],
) -> Manifest:
    """Write the shards; the dataset exists once :func:`publish` has written its manifest."""
    used = [entry for entry in entries if entry.clips]
    writer = ShardWriter(out, recipe.n_samples, recipe.channels)
    for block in reader.read(
        rows for entry in used for rows in finished[entry.record.key or ""].rows
    ):
        writer.add(block)
    number = {label: position for position, label in enumerate(labels)}
    clips = tuple(
        # Checked values; checking them again would take longer than writing them.
        ClipEntry.model_construct(
            path=entry.path,
            source_sha256=entry.record.source_sha256 or "",
            decoded_sha256=entry.record.decoded_sha256 or "",
            start=start,
            label=-1 if entry.label is None else number[entry.label],
            split=split,
        )
        for entry in used
        for start, split in zip(entry.record.starts, entry.splits, strict=True)
    )
    return Manifest(
        sample_rate=recipe.sample_rate,
        n_samples=recipe.n_samples,
        channels=recipe.channels,
        parameters=parameters,
        labels=labels,
        shards=tuple(writer.close()),
        clips=clips,
    )


def publish(out: Path, manifest: Manifest, content: bytes) -> None:
    """Make the new dataset the valid one, then remove what is left of the one before.

    Args:
        out: The prepared folder.
        manifest: What it holds.
        content: The manifest as bytes.
    """
    write_bytes(out / MANIFEST, content)
    current = {shard.file for shard in manifest.shards}
    for path in out.glob(_SHARD_GLOB):
        if path.name not in current:
            remove(path)
    remove_work(out / WORK)
