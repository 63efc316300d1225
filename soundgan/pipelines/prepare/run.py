"""``soundgan prepare``: a folder of sounds to a dataset and a report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundgan.audio.find import Listing, list_files
from soundgan.data.dataset import PreparedDataset
from soundgan.data.manifest import MANIFEST, Manifest, write_manifest_bytes
from soundgan.errors import ConfigError, ExitCode, NothingUsableError, UsageError
from soundgan.ingest.clip_recipe import ClipRecipe, libraries
from soundgan.ingest.corpus import Corpus, worker_count
from soundgan.ingest.journal import Finished, take_up
from soundgan.ingest.labels import Labelling, make_labelling
from soundgan.ingest.ledger import Entry, count_verdicts, judge
from soundgan.ingest.options import PrepareOptions
from soundgan.ingest.pool import Pool
from soundgan.ingest.record import FileRecord
from soundgan.ingest.store import (
    PAGE,
    REPORT,
    WORK,
    ClipReader,
    open_work,
    publish,
    refuse_foreign,
    take_over,
    write_clips,
)
from soundgan.pipelines.prepare.choose import Choice, choose
from soundgan.pipelines.prepare.notes import NoteTaker, say_classes, say_passed_over
from soundgan.pipelines.prepare.own import refuse_own
from soundgan.pipelines.prepare.report import encode_report, make_report
from soundgan.reporting import Reporter
from soundgan.runtime.files import remove_work, sweep_temporaries, write_bytes
from soundgan.runtime.locks import lock
from soundgan.runtime.memory import is_out_of_memory
from soundgan.words import counted

if TYPE_CHECKING:
    from soundgan.pipelines.prepare.ceiling import Ceiling


@dataclass(frozen=True)
class PrepareResult:
    """What became of a folder.

    Attributes:
        out: The prepared folder.
        report: The content of its ``report.json``.
        manifest: What the dataset holds.
        sentences: What was said on the way: how rate, length and classes were found.
    """

    out: Path
    report: dict[str, Any]
    manifest: Manifest
    sentences: tuple[str, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """Whether sounds were lost on the way."""
        summary = self.report["summary"]
        lost = summary["lost_files"] or any(item["lost"] for item in summary["passed_over"])
        return ExitCode.PARTIAL if lost else ExitCode.OK


def prepare_folder(
    source: Path, out: Path, options: PrepareOptions, reporter: Reporter
) -> PrepareResult:
    """Turn the sounds below ``source`` into a dataset at ``out``.

    The same sounds and options give the same bytes, whatever the number of workers. What a
    killed run has finished, and what an earlier dataset at ``out`` shares, is not decoded again.

    Raises:
        UsageError: The folder does not exist, or options exclude each other.
        NothingUsableError: Not one file gave a clip.
        OutputError: ``out`` holds something else or cannot be written.
        LockedError: Another process works in ``out``.
    """
    reporter = NoteTaker(reporter)
    labelling = make_labelling(
        options.label_pattern, unlabelled=options.unlabelled, depth=options.label_depth
    )
    _refuse_around(source, out)
    listing = list_files(source, without=out, refuse=refuse_own)
    say_passed_over(listing, reporter)
    if not listing.files:
        raise NothingUsableError(f"{source}: no files; give the folder that holds the sounds")
    labelling.check(listing.files)
    refuse_foreign(out)
    jobs = worker_count(source, listing.files, options.jobs)
    with (
        lock(out, purpose="soundgan prepare", reporter=reporter),
        Pool(jobs, timeout=options.timeout) as pool,
    ):
        sweep_temporaries(out, held=True)
        corpus = Corpus(source, listing.files, pool, reporter, labelling)
        choice = choose(corpus, options, out)
        recipe = choice.recipe
        work = open_work(out, recipe)
        finished = take_over(out, recipe) | take_up(work)
        records = corpus.examine(recipe, choice.slicing, work, finished)
        preparation = _Preparation(source, out, options, choice, listing, reporter)
        return preparation.write(labelling, records, finished, work)


def _refuse_around(source: Path, out: Path) -> None:
    """Make sure that the sounds do not lie where the dataset is to be."""
    place, sounds = Path(os.path.realpath(out)), Path(os.path.realpath(source))
    if sounds.is_dir() and sounds.is_relative_to(place):
        where = "the folder of the sounds itself" if sounds == place else f"around {source}"
        raise UsageError(f"`out={out}`: is {where}; give another, such as {sounds.name}-prepared")


@dataclass(frozen=True)
class _Preparation:
    """Everything decided before the results are put together."""

    source: Path
    out: Path
    options: PrepareOptions
    choice: Choice
    listing: Listing
    reporter: NoteTaker

    @property
    def recipe(self) -> ClipRecipe:
        """How clips are made."""
        return self.choice.recipe

    def write(
        self,
        labelling: Labelling,
        records: Sequence[FileRecord],
        finished: dict[str, Finished],
        work: Path,
    ) -> PrepareResult:
        """Judge the files together, then write shards, report, page and, last, the manifest."""
        found = labelling.classes(self.listing.files, [bool(record.starts) for record in records])
        entries, names = judge(
            self.listing.files,
            records,
            found.labels,
            labelling,
            n_samples=self.recipe.n_samples,
            shares=self.options.shares,
        )
        say_classes(found, labelling, names, self.reporter)
        parameters = self._parameters(labelling, found.depth if names else None, records)
        if not any(entry.clips for entry in entries):
            self._give_up(entries, parameters)
        recipe = self.recipe
        with closing(ClipReader(self.out, work, recipe.n_samples, recipe.channels)) as reader:
            manifest = write_clips(self.out, entries, finished, reader, recipe, names, parameters)
        content = write_manifest_bytes(manifest)
        dataset = PreparedDataset.from_manifest(self.out, manifest, content)
        report = self._report(entries, dataset, parameters)
        publish(self.out, manifest, content)
        return PrepareResult(self.out, report, manifest, tuple(self.reporter.sentences))

    def _report(
        self, entries: Sequence[Entry], dataset: PreparedDataset, parameters: dict[str, Any]
    ) -> dict[str, Any]:
        task = "measuring the audible ceiling"
        self.reporter.progress(task, 0, 1)
        ceiling = None
        try:
            # Only here is torch needed: a folder without sounds fails before it is imported.
            from soundgan.pipelines.prepare.ceiling import measure_ceiling  # noqa: PLC0415 - torch

            ceiling = measure_ceiling(dataset)
        except ConfigError as error:
            self.reporter.warn(f"no audible ceiling in the report: {error}")
        except (MemoryError, RuntimeError, ImportError) as error:
            if not is_out_of_memory(error):
                raise
            self.reporter.warn("no audible ceiling in the report: not enough memory to measure it")
        self.reporter.finish(task)
        return self._write_report(entries, dataset, parameters, ceiling)

    def _write_report(
        self,
        entries: Sequence[Entry],
        dataset: PreparedDataset | None,
        parameters: dict[str, Any],
        ceiling: Ceiling | None,
    ) -> dict[str, Any]:
        from soundgan.pipelines.prepare.page import make_page  # noqa: PLC0415 - torch

        manifest = None if dataset is None else dataset.manifest
        report = make_report(entries, manifest, self.recipe, parameters, self.listing, ceiling)
        report["alternatives"] = self.choice.comparison and self.choice.comparison.document()
        report["dataset"] = None if dataset is None else dataset.content_hash
        write_bytes(self.out / REPORT, encode_report(report))
        write_bytes(self.out / PAGE, make_page(report, entries, ceiling).encode())
        return report

    def _give_up(self, entries: Sequence[Entry], parameters: dict[str, Any]) -> None:
        """Say why there is no dataset; one that is there already stays."""
        where = ""
        if not (self.out / MANIFEST).exists():
            self._write_report(entries, None, parameters, None)
            where = f"; see {self.out / PAGE}"
        remove_work(self.out / WORK)
        counts = count_verdicts(entries)
        verdicts = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
        first = next((e for e in entries if e.lost), entries[0])
        why = f" (first: {first.path}: {first.reason})" if first.reason else ""
        raise NothingUsableError(
            f"{self.source}: no sound in {counted(len(entries), 'file')}: {verdicts}{why}{where}"
        )

    def _parameters(
        self, labelling: Labelling, depth: int | None, records: Sequence[FileRecord]
    ) -> dict[str, Any]:
        """Everything that the dataset's bytes follow from besides the files."""
        used = {record.decoder.removeprefix("ffmpeg ") for record in records if record.decoder}
        decoders = {"ffmpeg": ", ".join(sorted(used))} if used else {}
        stated = self.choice.slicing.stated
        return self.recipe.model_dump() | {
            "slice": stated if isinstance(stated, bool) else list(stated),
            "clip_seconds": self.recipe.n_samples / self.recipe.sample_rate,
            "validation": self.options.validation,
            "test": self.options.test,
            "labels": labelling.source,
            "label_depth": depth,
            "label_pattern": self.options.label_pattern,
            "libraries": libraries() | decoders,
        }
