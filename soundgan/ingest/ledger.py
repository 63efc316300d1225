"""One entry for each file that was found: what is known from its bytes, seen among the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from soundgan.audio.decode import EMPTY, NO_SOUND
from soundgan.audio.find import display
from soundgan.audio.sniff import has_audio_suffix
from soundgan.data.split import Shares, Split, choose_splits
from soundgan.ingest.labels import Labelling
from soundgan.ingest.record import VERDICTS, FileRecord, FileVerdict

LOST: frozenset[FileVerdict] = frozenset({"corrupt", "silent", "too short", "unsupported"})
"""Verdicts that cost a sound somebody meant to give."""


@dataclass(frozen=True)
class Entry:
    """One file among the others.

    Attributes:
        path: Path relative to the source folder, as text.
        record: What follows from the file's bytes alone.
        verdict: What became of it.
        reason: Why, with numbers; empty when there is nothing to explain.
        label: Class, or ``None``.
        duplicate_of: The first file with the same sound.
        splits: Where each of its clips went; empty when none of them is in the dataset.
    """

    path: str
    record: FileRecord
    verdict: FileVerdict
    reason: str
    label: str | None
    duplicate_of: str | None
    splits: tuple[Split, ...]

    @property
    def clips(self) -> int:
        """How many clips of it are in the dataset."""
        return len(self.splits)

    @property
    def split(self) -> Split | Literal["divided"] | None:
        """Where its clips went, together or not; ``None`` when none of them is in the dataset."""
        if not self.splits:
            return None
        return self.splits[0] if len(set(self.splits)) == 1 else "divided"

    @property
    def lost(self) -> bool:
        """Whether a sound that somebody meant to give is not trained on."""
        foreign = self.verdict == "not audio" and has_audio_suffix(self.path)
        return self.verdict in LOST or foreign or self.split == "unlabelled"

    def document(self) -> dict[str, Any]:
        """Its line in the report; ``alone`` holds what others, or its name, have changed."""
        alone = [self.record.verdict, self.record.reason]
        return dict(self.record) | {
            "path": self.path,
            "verdict": self.verdict,
            "reason": self.reason,
            "label": self.label,
            "clips": self.clips,
            "duplicate_of": self.duplicate_of,
            "split": self.split,
            "alone": None if alone == [self.verdict, self.reason] else alone,
        }


def judge(
    files: Sequence[str],
    records: Sequence[FileRecord],
    labels: Sequence[str | None],
    labelling: Labelling,
    *,
    n_samples: int,
    shares: Shares,
) -> tuple[list[Entry], tuple[str, ...]]:
    """An entry for each file, in order, and the names of the classes that have clips, sorted.

    A single folder of sounds is not a class: without at least two there are no labels, unless
    they were asked for with a pattern.

    Args:
        files: Paths, sorted.
        records: One for each file.
        labels: What the labelling found, one for each file.
        labelling: Where the labels come from.
        n_samples: Length of a clip.
        shares: Parts of each class to keep back.
    """
    draw = partial(choose_splits, n_samples=n_samples, shares=shares)
    entries = _entries(files, records, labels, draw, labelled=any(labels))
    names = sorted({entry.label for entry in entries if entry.label is not None and entry.clips})
    if names and (len(names) >= 2 or labelling.source == "pattern"):
        return entries, tuple(names)
    nothing = [None] * len(files)
    return _entries(files, records, nothing, draw, labelled=False), ()


def _entries(
    files: Sequence[str],
    records: Sequence[FileRecord],
    labels: Sequence[str | None],
    draw: Callable[[dict[str, int], dict[str, Sequence[int]]], dict[str, tuple[Split, ...]]],
    *,
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
    splits = draw(
        {sha: number[labels[index]] for sha, index in used.items()},
        {sha: records[index].starts for sha, index in used.items()},
    )
    entries = []
    for index, (path, record, label) in enumerate(zip(files, records, labels, strict=True)):
        sha = record.decoded_sha256
        original = index if sha is None else first[sha]
        if original != index:
            entries.append(_duplicate(path, record, label, files[original], labels[original]))
            continue
        neither: Split = "unlabelled"
        drawn = splits.get(sha or "", (neither,) * len(record.starts))
        entries.append(_entry(path, record, label, drawn))
    return entries


def count_verdicts(entries: Sequence[Entry]) -> dict[str, int]:
    """How many files got each verdict, all of them named."""
    counts = Counter(entry.verdict for entry in entries)
    return {verdict: counts[verdict] for verdict in VERDICTS}  # type: ignore[index]


def _duplicate(
    path: str, record: FileRecord, label: str | None, original: str, other: str | None
) -> Entry:
    reason = f"the same sound as {display(original)}"
    if label != other:
        reason += ", which has no label" if other is None else f", which has the label {other!r}"
    return Entry(display(path), record, "duplicate", reason, label, display(original), ())


def _entry(path: str, record: FileRecord, label: str | None, splits: tuple[Split, ...]) -> Entry:
    verdict, reason = record.verdict, record.reason
    if verdict == "not audio" and has_audio_suffix(path):
        if reason == EMPTY:
            verdict = "corrupt"
        elif reason == NO_SOUND:
            reason = "named like audio, but its content is not"
    return Entry(display(path), record, verdict, reason, label, None, splits)
