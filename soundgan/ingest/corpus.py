"""The source folder at work: looked through for a recipe, then decoded file by file."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.ffmpeg import version
from soundgan.audio.sniff import has_audio_suffix
from soundgan.ingest.clip_recipe import ClipRecipe
from soundgan.ingest.journal import Finished, read_part
from soundgan.ingest.labels import Labelling
from soundgan.ingest.options import PrepareOptions
from soundgan.ingest.pool import Batch, Lost, Pool
from soundgan.ingest.record import FileRecord
from soundgan.ingest.slicing import Slicing, choose_slicing, seldom_seen, slicing_words
from soundgan.ingest.store import ClipReader, open_work
from soundgan.ingest.survey import (
    SAMPLE_FILES,
    Surveyed,
    draw_files,
    order_for_survey,
    seconds_to_listen,
)
from soundgan.reporting import Reporter

BATCH_FILES = 64
WORKER_BYTES = 32 << 20
"""A further worker is worth its start for this much to decode, or for a batch of files."""

SAMPLE_CLIPS = 32
"""Clips that alternatives are compared on."""


class Corpus:
    """Files of a folder and the workers that read them.

    Attributes:
        source: The folder.
        files: Paths relative to it, sorted.
        reporter: Hears what is done.
    """

    def __init__(
        self,
        source: Path,
        files: Sequence[str],
        pool: Pool,
        reporter: Reporter,
        labelling: Labelling | None = None,
    ) -> None:
        self.files = files
        self._labelling = labelling or Labelling("none")
        self.source = source
        self._pool = pool
        self.reporter = reporter
        self._lost: dict[int, str] = {}

    def examine(
        self, recipe: ClipRecipe, slicing: Slicing, work: Path, finished: dict[str, Finished]
    ) -> list[FileRecord]:
        """The record of every file; what is new is added to ``finished``.

        Args:
            recipe: What the clips should be.
            slicing: Of which files many.
            work: Where the workers leave them.
            finished: What needs no second decoding, by key of the record.
        """
        task = "decoding"
        keys = self._decode(range(len(self.files)), recipe, slicing, work, finished, task)
        return [
            finished[keys[index]].record if index in keys else self._lost_record(index)
            for index in range(len(self.files))
        ]

    def _decode(
        self,
        indices: Sequence[int],
        recipe: ClipRecipe,
        slicing: Slicing,
        work: Path,
        finished: dict[str, Finished],
        task: str,
    ) -> dict[int, str]:
        """The key of every file at ``indices`` that can be read; see :meth:`examine`."""
        setup = {
            "source": str(self.source),
            "work": str(work),
            "recipe": recipe.model_dump(),
            "cut_up": sorted(slicing.files),
            "known": sorted(key for key, entry in finished.items() if _still_holds(entry.record)),
        }
        keys: dict[int, str] = {}
        done, began = 0, time.monotonic()
        for reply in self._pool.run(setup, self._batches(indices)):
            if isinstance(reply, Lost):
                self._lose(reply)
                continue
            if reply["part"]:
                for entry in read_part(work, reply["part"]).files:
                    finished[entry.record.key or ""] = entry
            keys.update((index, key) for index, key in reply["keys"])
            self._lost.update((index, reason) for index, reason in reply["unread"])
            done += len(reply["keys"]) + len(reply["unread"])
            speed = done / max(1e-3, time.monotonic() - began)
            note = f"{speed:.0f} files/s" if speed >= 1 else ""
            self.reporter.progress(task, done, len(indices), note)
        self.reporter.finish(task)
        return keys

    def sample(
        self, found: dict[int, Surveyed], recipe: ClipRecipe, slicing: Slicing, out: Path
    ) -> list[tuple[NDArray[np.float32], ClipRecipe]]:
        """Some clips of files drawn by their content, each with the recipe it was made by.

        Args:
            found: Files looked at, by position.
            recipe: What the clips should be.
            slicing: Of which files many.
            out: The prepared folder, for unfinished work.
        """
        work = open_work(out, recipe)
        indices = draw_files(self.source, self.files, found)
        finished: dict[str, Finished] = {}
        keys = self._decode(indices, recipe, slicing, work, finished, "looking through the files")
        reader = ClipReader(out, work, recipe.n_samples, recipe.channels)
        sounds = {
            entry.record.decoded_sha256: entry
            for entry in (finished[keys[index]] for index in indices if index in keys)
            if entry.rows
        }
        most = math.ceil(SAMPLE_CLIPS / max(1, len(sounds)))
        clips = (
            (clip, recipe.model_copy(update={"slice": entry.record.cut_up}))
            for entry in sounds.values()
            for clip in islice((clip for block in reader.read(entry.rows) for clip in block), most)
        )
        return [
            (clip.astype(np.float32).mean(axis=0) / 32768, made_by)
            for clip, made_by in islice(clips, SAMPLE_CLIPS)
        ]

    def survey(self, options: PrepareOptions) -> dict[int, Surveyed]:
        """What a sample of the files tells, by position; the same sample every time."""
        order = order_for_survey(self.files)
        found: dict[int, Surveyed] = {}
        for start in range(0, len(order), SAMPLE_FILES):
            found = self._look_at(order[start : start + SAMPLE_FILES], options)
            if found:
                break
        return found

    def _look_at(self, sample: Sequence[int], options: PrepareOptions) -> dict[int, Surveyed]:
        setup: dict[str, Any] = {
            "source": str(self.source),
            "work": "",
            "recipe": None,
            "known": [],
            "channel": options.channel,
            "with_generated": options.with_generated,
            "listen": seconds_to_listen(min(len(self.files), SAMPLE_FILES)),
        }
        found: dict[int, Surveyed] = {}
        done = 0
        for reply in self._pool.run(setup, self._batches(sample)):
            if isinstance(reply, Lost):
                self._lose(reply)
                continue
            for told in filter(None, reply["surveyed"]):
                index, events = told.pop("index"), tuple(told.pop("events"))
                found[index] = Surveyed(**told, events=events)
            done += len(reply["surveyed"])
            self.reporter.progress("looking through the files", done, len(sample))
        self.reporter.finish("looking through the files")
        return {index: found[index] for index in sorted(found)}

    def _batches(self, indices: Sequence[int]) -> list[Batch]:
        todo = [index for index in indices if index not in self._lost]
        size = min(BATCH_FILES, max(1, math.ceil(len(todo) / (4 * self._pool.jobs))))
        return [
            [(index, self.files[index]) for index in todo[start : start + size]]
            for start in range(0, len(todo), size)
        ]

    def slicing(self, options: PrepareOptions, found: dict[int, Surveyed]) -> Slicing:
        """Which files are cut up; said where it was not asked for."""
        if options.slice is not None:
            return Slicing.of_all(len(self.files), cut=options.slice)
        sounds = [
            index in found or (len(self.files) > SAMPLE_FILES and has_audio_suffix(path))
            for index, path in enumerate(self.files)
        ]
        labels = self._labelling.classes(self.files, sounds).labels
        more = seldom_seen(order_for_survey(self.files)[SAMPLE_FILES:], labels, found)
        if more:
            found = found | self._look_at(more, options)
        slicing = choose_slicing(found, labels)
        words = slicing_words(found, slicing)
        if words is not None:
            self.reporter.say(words)
        return slicing

    def _lose(self, lost: Lost) -> None:
        self._lost[lost.index] = lost.reason

    def _lost_record(self, index: int) -> FileRecord:
        try:
            size = (self.source / self.files[index]).stat().st_size
        except OSError:
            size = 0
        return FileRecord(
            source_sha256=None, bytes=size, verdict="corrupt", reason=self._lost[index]
        )


def _still_holds(record: FileRecord) -> bool:
    """Whether a file would give the same today: another ffmpeg may have come meanwhile."""
    if record.verdict == "unsupported":
        return False
    return not record.decoder or record.decoder == version()


def worker_count(source: Path, files: Sequence[str], jobs: int | None) -> int:
    """How many workers this folder keeps busy, at most ``jobs`` (all cores by default)."""
    jobs = jobs or _cores()
    by_count = math.ceil(len(files) / BATCH_FILES)
    if by_count >= jobs:
        return jobs
    size = 0
    for path in files:
        try:
            size += (source / path).stat().st_size
        except OSError:
            continue
    return max(1, min(jobs, max(by_count, math.ceil(size / WORKER_BYTES))))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
