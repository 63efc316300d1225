"""One entry for each file that was found: what is known from its bytes, seen among the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from soundgan.audio.decode import EMPTY, NO_SOUND
from soundgan.audio.find import display
from soundgan.audio.sniff import has_audio_suffix
from soundgan.config.settings import Settings
from soundgan.data.split import choose_held_out
from soundgan.pipelines.prepare.labels import Labelling
from soundgan.pipelines.prepare.record import VERDICTS, FileRecord, Verdict

Split = Literal["train", "held_out", "unlabelled"]

LOST: frozenset[Verdict] = frozenset({"corrupt", "silent", "too short"})
"""Verdicts that cost a sound somebody meant to give."""


class Alone(Settings):
    """What a file would be without the others, where that differs."""

    verdict: Verdict
    """Its verdict."""
    reason: str
    """Its reason."""
    starts: tuple[int, ...]
    """Its clips."""


class Entry(FileRecord):
    """One line of the report. ``starts`` lists the clips that are in the dataset."""

    path: str
    """Path relative to the source folder."""
    label: str | None
    """Class, or ``None``."""
    duplicate_of: str | None = None
    """The first file with the same sound."""
    clips: int = 0
    """How many clips of it are in the dataset."""
    split: Split | None = None
    """Where its clips went; ``None`` when it has none."""
    alone: Alone | None = None
    """Set on files whose verdict depends on other files or on their own name."""

    @property
    def lost(self) -> bool:
        """Whether a sound that somebody meant to give is not trained on."""
        foreign = self.verdict == "not audio" and has_audio_suffix(self.path)
        return self.verdict in LOST or foreign or self.split == "unlabelled"

    def record(self) -> FileRecord:
        """What follows from the file's bytes alone."""
        values = {name: getattr(self, name) for name in FileRecord.model_fields}
        if self.alone is not None:
            values |= dict(self.alone)
        return FileRecord(**values)


def judge(
    files: Sequence[str],
    records: Sequence[FileRecord],
    labels: Sequence[str | None],
    labelling: Labelling,
    *,
    held_out: float,
) -> tuple[list[Entry], tuple[str, ...]]:
    """An entry for each file, in order, and the names of the classes that have clips, sorted.

    A single folder of sounds is not a class: without at least two there are no labels, unless
    they were asked for with a pattern.

    Args:
        files: Paths, sorted.
        records: One for each file.
        labels: What the labelling found, one for each file.
        labelling: Where the labels come from.
        held_out: Part of each class that is held out.
    """
    entries = _entries(files, records, labels, held_out=held_out, labelled=any(labels))
    names = sorted({entry.label for entry in entries if entry.label is not None and entry.clips})
    if names and (len(names) >= 2 or labelling.source == "pattern"):
        return entries, tuple(names)
    nothing = [None] * len(files)
    return _entries(files, records, nothing, held_out=held_out, labelled=False), ()


def _entries(
    files: Sequence[str],
    records: Sequence[FileRecord],
    labels: Sequence[str | None],
    *,
    held_out: float,
    labelled: bool,
) -> list[Entry]:
    """Entries with duplicates found and splits drawn; unlabelled clips may be in neither."""
    first: dict[str, int] = {}
    # Of equal sounds the first stays; where classes matter, the first that has one.
    for index in sorted(range(len(files)), key=lambda i: labelled and labels[i] is None):
        sound = records[index].decoded_sha256
        if sound is not None:
            first.setdefault(sound, index)
    used = {sha: index for sha, index in first.items() if not labelled or labels[index] is not None}
    number = {label: position for position, label in enumerate(sorted(set(labels), key=str))}
    held = choose_held_out(
        {sha: number[labels[index]] for sha, index in used.items()},
        {sha: len(records[index].starts) for sha, index in used.items()},
        share=held_out,
    )
    entries = []
    for index, (path, record, label) in enumerate(zip(files, records, labels, strict=True)):
        sha = record.decoded_sha256
        original = index if sha is None else first[sha]
        if original != index:
            entries.append(_duplicate(path, record, label, files[original], labels[original]))
            continue
        split: Split | None = None
        if sha is not None:
            split = "unlabelled" if sha not in used else "held_out" if sha in held else "train"
        entries.append(_entry(path, record, label, split))
    return entries


def count_verdicts(entries: Sequence[Entry]) -> dict[str, int]:
    """How many files got each verdict, all ten of them named."""
    counts = Counter(entry.verdict for entry in entries)
    return {verdict: counts[verdict] for verdict in VERDICTS}  # type: ignore[index]


def _duplicate(
    path: str, record: FileRecord, label: str | None, original: str, other: str | None
) -> Entry:
    reason = f"the same sound as {display(original)}"
    if label != other:
        reason += ", which has no label" if other is None else f", which has the label {other!r}"
    values = dict(record) | {"verdict": "duplicate", "reason": reason, "starts": ()}
    return Entry(
        **values,
        path=display(path),
        label=label,
        duplicate_of=display(original),
        alone=Alone(verdict=record.verdict, reason=record.reason, starts=record.starts),
    )


def _entry(path: str, record: FileRecord, label: str | None, split: Split | None) -> Entry:
    values, alone = dict(record), None
    if record.verdict == "not audio" and has_audio_suffix(path):
        alone = Alone(verdict=record.verdict, reason=record.reason, starts=record.starts)
        if record.reason == EMPTY:
            values["verdict"] = "corrupt"
        elif record.reason == NO_SOUND:
            values["reason"] = "named like audio, but its content is not"
    clips = len(record.starts)
    return Entry(**values, path=display(path), label=label, clips=clips, split=split, alone=alone)
