"""The source folder at work: looked through for a recipe, then decoded file by file."""

from __future__ import annotations

import math
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.ffmpeg import version
from soundgan.audio.sniff import has_audio_suffix
from soundgan.errors import ConfigError
from soundgan.pipelines.prepare.alternatives import (
    Alternative,
    Comparison,
    Offer,
    compare,
    make_offers,
)
from soundgan.pipelines.prepare.journal import Finished, read_part
from soundgan.pipelines.prepare.labels import Labelling
from soundgan.pipelines.prepare.options import PrepareOptions
from soundgan.pipelines.prepare.pool import Batch, Lost, Pool
from soundgan.pipelines.prepare.recipe import Recipe
from soundgan.pipelines.prepare.record import FileRecord
from soundgan.pipelines.prepare.slicing import Slicing, choose_slicing, seldom_seen, slicing_words
from soundgan.pipelines.prepare.store import ClipReader, open_work
from soundgan.pipelines.prepare.survey import (
    COLUMNS,
    SAMPLE_FILES,
    Surveyed,
    choose_rate,
    draw_files,
    lengths_to_hold,
    order_for_survey,
    seconds_to_listen,
)
from soundgan.reporting import Reporter

BATCH_FILES = 64
WORKER_BYTES = 32 << 20
"""A further worker is worth its start for this much to decode, or for a batch of files."""

SAMPLE_CLIPS = 32
"""Clips that alternatives are compared on."""

FALLBACK_RATE, FALLBACK_SECONDS = 16_000, 1.0
"""For a folder in which nothing can be decoded, whose files still get their verdicts."""


@dataclass(frozen=True)
class Choice:
    """What is to be made of a corpus.

    Attributes:
        recipe: How clips are made.
        slicing: Of which files many.
        comparison: Between which alternatives rate and length were chosen, if they had to be.
    """

    recipe: Recipe
    slicing: Slicing
    comparison: Comparison | None = None


class Corpus:
    """Files of a folder and the workers that read them.

    Attributes:
        files: Paths relative to the folder, sorted.
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
        self._source = source
        self._pool = pool
        self._reporter = reporter
        self._lost: dict[int, str] = {}

    def choose(self, options: PrepareOptions, out: Path) -> Choice:
        """What the options ask for, completed from a sample of the files.

        Args:
            options: What is fixed.
            out: The prepared folder, for unfinished work.
        """
        rate, seconds = options.sample_rate, options.clip_seconds
        found: dict[int, Surveyed] = {}
        if rate is None or seconds is None or options.slice is None:
            found = self._survey(options)
        surveyed = list(found.values())
        own = choose_rate([file.rate for file in surveyed]) if surveyed else FALLBACK_RATE
        slicing = self._slicing(options, found)
        recipe = Recipe(
            sample_rate=rate or own,
            n_samples=_columns(seconds or FALLBACK_SECONDS, rate or own),
            trim_db=options.trim_db,
            normalise=options.normalise,
            channel=options.channel,
            strict=options.strict,
            with_generated=options.with_generated,
        )
        if seconds is not None or not found:
            self._say_rate(recipe, options, surveyed)
            return Choice(recipe, slicing)
        lengths = lengths_to_hold(found, slicing.files)
        offers = make_offers(lengths, recipe.sample_rate, lower=rate is None)
        comparison = self._compare(found, offers, recipe, slicing, out)
        best = comparison.best if comparison else offers[0]
        recipe = recipe.model_copy(
            update={"sample_rate": best.sample_rate, "n_samples": best.n_samples}
        )
        self._say_rate(recipe, options, surveyed)
        self._say_length(best.seconds, lengths)
        return Choice(recipe, slicing, comparison)

    def examine(
        self, choice: Choice, work: Path, finished: dict[str, Finished]
    ) -> list[FileRecord]:
        """The record of every file; what is new is added to ``finished``.

        Args:
            choice: What the clips should be.
            work: Where the workers leave them.
            finished: What needs no second decoding, by key of the record.
        """
        task = "decoding"
        keys = self._decode(range(len(self.files)), choice, work, finished, task)
        return [
            finished[keys[index]].record if index in keys else self._lost_record(index)
            for index in range(len(self.files))
        ]

    def _decode(
        self,
        indices: Sequence[int],
        choice: Choice,
        work: Path,
        finished: dict[str, Finished],
        task: str,
    ) -> dict[int, str]:
        """The key of every file at ``indices`` that can be read; see :meth:`examine`."""
        setup = {
            "source": str(self._source),
            "work": str(work),
            "recipe": choice.recipe.model_dump(),
            "cut_up": sorted(choice.slicing.files),
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
            self._reporter.progress(task, done, len(indices), note)
        self._reporter.finish(task)
        return keys

    def _compare(
        self,
        found: dict[int, Surveyed],
        offers: Sequence[Offer],
        recipe: Recipe,
        slicing: Slicing,
        out: Path,
    ) -> Comparison | None:
        """Measure the offers on some of the sounds; ``None`` where that cannot be done."""
        longest = max(offer.seconds for offer in offers)
        n_samples = _columns(longest, recipe.sample_rate)
        recipe = recipe.model_copy(update={"n_samples": n_samples})
        clips = self._sample(found, Choice(recipe, slicing), out)
        if not clips:
            return None
        # Only here is torch needed: a folder without sounds fails before it is imported.
        from soundgan.pipelines.prepare.sample import measure_offers  # noqa: PLC0415 - torch

        task = "comparing clip lengths"
        self._reporter.progress(task, 0, len(offers))
        try:
            with closing(measure_offers(offers, clips)) as measured:
                return compare(self._counted(measured, len(offers), task))
        except ConfigError as error:
            self._reporter.warn(f"clip lengths cannot be compared: {error}")
            return None
        finally:
            self._reporter.finish(task)

    def _counted(
        self, measured: Iterable[Alternative], total: int, task: str
    ) -> Iterator[Alternative]:
        for done, alternative in enumerate(measured, start=1):
            self._reporter.progress(task, done, total)
            yield alternative

    def _sample(
        self, found: dict[int, Surveyed], choice: Choice, out: Path
    ) -> list[tuple[NDArray[np.float32], Recipe]]:
        """Clips of files drawn by their content, at most so many of each, with their recipes."""
        recipe, work = choice.recipe, open_work(out, choice.recipe)
        indices = draw_files(self._source, self.files, found)
        finished: dict[str, Finished] = {}
        keys = self._decode(indices, choice, work, finished, "looking through the files")
        reader = ClipReader(out, work, recipe.n_samples)
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
            (clip.astype(np.float32) / 32768, made_by)
            for clip, made_by in islice(clips, SAMPLE_CLIPS)
        ]

    def _survey(self, options: PrepareOptions) -> dict[int, Surveyed]:
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
            "source": str(self._source),
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
            for index, rate, seconds, events in filter(None, reply["surveyed"]):
                found[index] = Surveyed(rate, seconds, tuple(events))
            done += len(reply["surveyed"])
            self._reporter.progress("looking through the files", done, len(sample))
        self._reporter.finish("looking through the files")
        return {index: found[index] for index in sorted(found)}

    def _batches(self, indices: Sequence[int]) -> list[Batch]:
        todo = [index for index in indices if index not in self._lost]
        size = min(BATCH_FILES, max(1, math.ceil(len(todo) / (4 * self._pool.jobs))))
        return [
            [(index, self.files[index]) for index in todo[start : start + size]]
            for start in range(0, len(todo), size)
        ]

    def _say_rate(self, recipe: Recipe, options: PrepareOptions, found: Sequence[Surveyed]) -> None:
        if options.sample_rate is not None or not found:
            return
        rates = Counter(file.rate for file in found)
        (own, most), rate = rates.most_common(1)[0], recipe.sample_rate
        share = f"{rates[rate]} of {len(found)} files looked at"
        if own > rate:
            share = f"{most} of {len(found)} files have {own} Hz"
        if 2 * rate == choose_rate([file.rate for file in found]):
            share += "; half of it for closer copies"
        self._reporter.say(f"sample rate {rate} Hz: {share}; `sample_rate` overrides it")

    def _slicing(self, options: PrepareOptions, found: dict[int, Surveyed]) -> Slicing:
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
            self._reporter.say(words)
        return slicing

    def _say_length(self, seconds: float, lengths: Sequence[float]) -> None:
        whole = 100 * sum(length <= seconds for length in lengths) // len(lengths)
        self._reporter.say(
            f"clip length {seconds:.3f} s: holds {whole} of 100 sounds whole; "
            "`clip_seconds` overrides it"
        )

    def _lose(self, lost: Lost) -> None:
        self._lost[lost.index] = lost.reason

    def _lost_record(self, index: int) -> FileRecord:
        try:
            size = (self._source / self.files[index]).stat().st_size
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


def _columns(seconds: float, rate: int) -> int:
    """Samples of so many seconds, rounded up to whole columns."""
    return COLUMNS * math.ceil(round(seconds * rate) / COLUMNS)


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
