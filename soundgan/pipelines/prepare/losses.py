"""What the way from files to clips costs: one line for each kind of loss, and what changes it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from soundgan.pipelines.prepare.ledger import Entry
from soundgan.pipelines.prepare.recipe import Recipe
from soundgan.pipelines.prepare.record import FileRecord

FIRST = 5
"""So many files of a kind are named."""

LEAST_CUT_SECONDS = 0.02
LONGEST_CLIP_SECONDS = 60.0
QUIET_DB = -13.0
"""A file whose peak lies below it is raised by more than 12 dB."""

ALIKE_DB, CANCEL_DB = -0.5, -6.0
"""What mixing to one channel takes from channels that are alike; and from ones that cancel."""

LEFT_OUT = ("corrupt", "unsupported", "too short", "silent", "not audio", "duplicate", "generated")


@dataclass(frozen=True)
class Loss:
    """One kind of loss.

    Attributes:
        kind: ``cut``, ``rate``, ``channels``, ``level``, ``odd``, ``unlabelled``, or the verdict
            of files that are left out.
        files: How many files it concerns.
        share: The same as a part of the files that are used, or, where files are left out, of all.
        option: What changes it, as it is typed; ``None`` where no option does.
        text: The whole in a sentence.
        first: The first of the files and why, where they are odd or left out.
    """

    kind: str
    files: int
    share: float
    option: str | None
    text: str
    first: tuple[tuple[str, str], ...] = ()


def list_losses(entries: Sequence[Entry], recipe: Recipe) -> list[Loss]:
    """Every kind of loss that there is, what concerns the clips before what is left out."""
    used = [entry.record for entry in entries if entry.clips]
    found = [_cut(used, recipe), _rate(used, recipe), _channels(used), _level(used, recipe)]
    verdicts = dict.fromkeys((*LEFT_OUT, *sorted({entry.verdict for entry in entries})))
    found += [
        _odd(entries),
        _unlabelled(entries),
        *(_left_out(entries, verdict) for verdict in verdicts),
    ]
    return [loss for loss in found if loss is not None]


def _cut(used: Sequence[FileRecord], recipe: Recipe) -> Loss | None:
    """Sounds that are longer than a clip."""
    cut = [record for record in used if (record.unused_seconds or 0.0) > LEAST_CUT_SECONDS]
    if not cut:
        return None
    unused = sum(record.unused_seconds or 0.0 for record in cut)
    whole = unused + sum(record.used_seconds or 0.0 for record in used)
    option, remedies = _longer(used, recipe)
    counted = _counted(len(cut), len(used))
    return Loss(
        kind="cut",
        files=len(cut),
        share=_share(cut, used),
        option=option,
        text=f"longer than a clip: {counted}, {_seconds(unused)} of sound "
        f"({_percent(unused / whole)}) cut off; {remedies}",
    )


def _longer(used: Sequence[FileRecord], recipe: Recipe) -> tuple[str, str]:
    """The option that keeps more of long sounds, and all that do in words."""
    if recipe.slice:
        return "--clip-seconds", "longer --clip-seconds keep more of each"
    slicing = "--slice makes a clip of every sound inside"
    own = recipe.n_samples / recipe.sample_rate
    seconds = [record.sound_seconds or 0.0 for record in used]
    for percent in (95, 100):
        wanted = float(np.percentile(seconds, percent, method="inverted_cdf"))
        rounded = math.ceil(10 * wanted) / 10
        if own < wanted and rounded <= LONGEST_CLIP_SECONDS:
            option = f"--clip-seconds {rounded:g}"
            return option, f"{option} holds {percent} of 100 whole, {slicing}"
    return "--slice", slicing


def _rate(used: Sequence[FileRecord], recipe: Recipe) -> Loss | None:
    """Sounds that had a higher rate."""
    higher = [record for record in used if (record.source_rate or 0) > recipe.sample_rate]
    if not higher:
        return None
    counts = Counter(record.source_rate or 0 for record in higher)
    usual = max(counts, key=lambda rate: (counts[rate], rate))
    option = f"--sample-rate {min(192_000, usual)}"
    return Loss(
        kind="rate",
        files=len(higher),
        share=_share(higher, used),
        option=option,
        text=f"of a higher rate than {recipe.sample_rate} Hz: {_counted(len(higher), len(used))}, "
        f"nothing above {recipe.sample_rate // 2} Hz is kept; {option} keeps more",
    )


def _channels(used: Sequence[FileRecord]) -> Loss | None:
    """Sounds of several channels."""
    several = [record for record in used if (record.channels or 1) > 1]
    if not several:
        return None
    levels = [record.mix_db or 0.0 for record in several]
    counts = {
        "nearly alike": sum(level >= ALIKE_DB for level in levels),
        "different": sum(CANCEL_DB < level < ALIKE_DB for level in levels),
        "cancelling each other": sum(level <= CANCEL_DB for level in levels),
    }
    parts = ", ".join(f"{what} in {count:,}" for what, count in counts.items() if count)
    return Loss(
        kind="channels",
        files=len(several),
        share=_share(several, used),
        option=None,
        text=f"mixed from several channels to one: {_counted(len(several), len(used))}; "
        f"the channels are {parts}",
    )


def _level(used: Sequence[FileRecord], recipe: Recipe) -> Loss | None:
    """Quiet sounds that are made loud."""
    quiet = [record for record in used if (record.peak_db or 0.0) < QUIET_DB]
    if not quiet or recipe.normalise == "none":
        return None
    most = -1 - min(record.peak_db or 0.0 for record in quiet)
    return Loss(
        kind="level",
        files=len(quiet),
        share=_share(quiet, used),
        option="--normalise none",
        text=f"quiet, and raised by 12 to {most:.0f} dB with all their noise: "
        f"{_counted(len(quiet), len(used))}; --normalise none keeps levels",
    )


def _odd(entries: Sequence[Entry]) -> Loss | None:
    """Files of which not everything could be read, or not as it stands there."""
    used = [entry for entry in entries if entry.clips]
    odd = [entry for entry in used if entry.record.note]
    if not odd:
        return None
    return Loss(
        kind="odd",
        files=len(odd),
        share=_share(odd, used),
        option=None,
        text=f"odd, but used: {_counted(len(odd), len(used))}",
        first=tuple((entry.path, entry.record.note) for entry in odd[:FIRST]),
    )


def _unlabelled(entries: Sequence[Entry]) -> Loss | None:
    """Sounds without a class among classes."""
    without = [entry for entry in entries if entry.split == "unlabelled"]
    if not without:
        return None
    used = [entry for entry in entries if entry.clips]
    return Loss(
        kind="unlabelled",
        files=len(without),
        share=_share(without, used),
        option="--unlabelled",
        text=f"without a label: {_counted(len(without), len(used))}, not trained on; "
        "--unlabelled trains on all sounds without classes",
        first=tuple((entry.path, "no label") for entry in without[:FIRST]),
    )


def _left_out(entries: Sequence[Entry], verdict: str) -> Loss | None:
    """Files with this verdict that give no clip; what was never meant to be sound is no loss."""
    wanted = [
        entry
        for entry in entries
        if entry.verdict == verdict and not entry.clips and (entry.lost or verdict != "not audio")
    ]
    if not wanted:
        return None
    counted = f"{verdict}: {_counted(len(wanted), len(entries))}"
    share = _share(wanted, entries)
    if verdict == "generated":  # by this program, whose files need not be named
        option = "--with-generated"
        text = f"{counted}, made by soundgan and left out; {option} uses them"
        return Loss(verdict, len(wanted), share, option, text)
    return Loss(
        kind=verdict,
        files=len(wanted),
        share=share,
        option=None,
        text=f"{counted}, left out",
        first=tuple((entry.path, entry.reason) for entry in wanted[:FIRST]),
    )


def _share(files: Sequence[object], total: Sequence[object]) -> float:
    return round(len(files) / len(total), 4)


def _counted(files: int, total: int) -> str:
    return f"{files:,} of {total:,} files ({_percent(files / total)})"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "under 1 %"


def _seconds(seconds: float) -> str:
    return f"{seconds:,.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
