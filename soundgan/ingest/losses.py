"""What the way from files to clips costs: one line for each kind of loss, and what changes it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from soundgan.ingest.clip_recipe import ClipRecipe
from soundgan.ingest.ledger import Entry
from soundgan.words import percent

FIRST = 5
"""So many files of a kind are named."""

LEAST_CUT_SECONDS = 0.02
LONGEST_CLIP_SECONDS = 60.0
QUIET_DB = -13.0
"""A file whose peak lies below it is raised by more than 12 dB."""

ALIKE_DB = -0.5
"""What mixing to one channel takes from channels that are alike."""

TOLERANCE_DB = 0.05
"""Half a step of the levels in records."""

LEFT_OUT = ("corrupt", "unsupported", "too short", "silent", "not audio", "duplicate", "generated")


@dataclass(frozen=True)
class Loss:
    """One kind of loss.

    Attributes:
        kind: ``cut``, ``rate``, ``channels``, ``hollow``, ``level``, ``odd``, ``unlabelled``, or
            the verdict of files that are left out.
        files: How many files it concerns.
        share: The same as a part of the files that are used, or, where files are left out, of all.
        option: The parameter that changes it, such as ``clip_seconds=1.3``, if one does.
        text: The whole in a sentence.
        first: The first of the files and why, where they are hollow, odd or left out.
    """

    kind: str
    files: int
    share: float
    option: str | None
    text: str
    first: tuple[tuple[str, str], ...] = ()


def list_losses(entries: Sequence[Entry], recipe: ClipRecipe) -> list[Loss]:
    """Every kind of loss that there is, what concerns the clips before what is left out."""
    used = [entry for entry in entries if entry.clips]
    found = [rule(used, recipe) for rule in _RULES] if used else []
    verdicts = dict.fromkeys((*LEFT_OUT, *sorted({entry.verdict for entry in entries})))
    found += [_left_out(entries, verdict) for verdict in verdicts]
    return [loss for loss in found if loss is not None]


def _loss(
    kind: str,
    files: Sequence[Entry],
    total: Sequence[Entry],
    text: str,
    option: str | None = None,
    why: Callable[[Entry], str] | None = None,
) -> Loss | None:
    """A loss, unless it concerns no file.

    Args:
        kind: See :class:`Loss`.
        files: The files that it concerns.
        total: What they are a part of.
        text: With ``{}`` for how many they are.
        option: See :class:`Loss`.
        why: What to say of each of the first; by default they are not named.
    """
    if not files:
        return None
    share = len(files) / len(total)
    counted = f"{len(files):,} of {len(total):,} files ({percent(share)})"
    first = tuple((entry.path, why(entry)) for entry in files[:FIRST]) if why else ()
    return Loss(kind, len(files), round(share, 4), option, text.replace("{}", counted), first)


def _cut(used: Sequence[Entry], recipe: ClipRecipe) -> Loss | None:
    """Sounds that are longer than a clip."""
    cut = [entry for entry in used if (entry.record.unused_seconds or 0.0) > LEAST_CUT_SECONDS]
    unused = sum(entry.record.unused_seconds or 0.0 for entry in cut)
    whole = unused + sum(entry.record.used_seconds or 0.0 for entry in used)
    share = percent(unused / whole) if whole else ""
    option, remedies = _longer(used, cut, recipe)
    text = f"longer than a clip: {{}}, {_seconds(unused)} of sound ({share}) cut off; {remedies}"
    return _loss("cut", cut, used, text, option)


def _longer(used: Sequence[Entry], cut: Sequence[Entry], recipe: ClipRecipe) -> tuple[str, str]:
    """The option that keeps more of long sounds, and all that do in words."""
    if all(entry.record.cut_up for entry in cut):
        return "clip_seconds", "longer `clip_seconds` keep more of each"
    slicing = "`slice` makes a clip of every sound inside"
    own = recipe.n_samples / recipe.sample_rate
    seconds = [entry.record.sound_seconds or 0.0 for entry in used if not entry.record.cut_up]
    for part in (95, 100):
        wanted = float(np.percentile(seconds, part, method="inverted_cdf"))
        rounded = math.ceil(10 * wanted) / 10
        if own < wanted and rounded <= LONGEST_CLIP_SECONDS:
            option = f"clip_seconds={rounded:g}"
            return option, f"`{option}` holds {part} of 100 whole, {slicing}"
    return "slice", slicing


def _rate(used: Sequence[Entry], recipe: ClipRecipe) -> Loss | None:
    """Sounds that had a higher rate."""
    higher = [entry for entry in used if (entry.record.source_rate or 0) > recipe.sample_rate]
    counts = Counter(entry.record.source_rate or 0 for entry in higher)
    usual = max(counts, key=lambda rate: (counts[rate], rate), default=0)
    option = f"sample_rate={min(192_000, usual)}"
    text = (
        f"of a higher rate than {recipe.sample_rate} Hz: {{}}, "
        f"nothing above {recipe.sample_rate // 2} Hz is kept; `{option}` keeps more"
    )
    return _loss("rate", higher, used, text, option)


def _channels(used: Sequence[Entry], recipe: ClipRecipe) -> Loss | None:
    """Sounds of several channels."""
    several = [entry for entry in used if (entry.record.channels or 1) > recipe.channels]
    if recipe.channels > 1:
        option = "channels=mono"
        text = (
            f"more than two channels, of which the first two are kept: {{}}; `{option}` mixes all"
        )
        return _loss("channels", several, used, text, option)
    if recipe.channel != "mix":
        option = "channel=mix"
        text = f"only the {recipe.channel} of several channels used: {{}}; `{option}` takes all"
        return _loss("channels", several, used, text, option)
    cancelled = sum(map(_cancels, several))
    alike = sum((entry.record.mix_db or 0.0) >= ALIKE_DB for entry in several)
    counts = {
        "nearly alike": alike,
        "different": len(several) - alike - cancelled,
        "cancelling each other": cancelled,
    }
    parts = ", ".join(f"{what} in {count:,}" for what, count in counts.items() if count)
    option = "channels=stereo"
    text = (
        f"mixed from several channels to one: {{}}; the channels are {parts}; "
        f"`{option}` keeps left and right, `channel=left` or right takes one"
    )
    return _loss("channels", several, used, text, option)


def _hollow(used: Sequence[Entry], recipe: ClipRecipe) -> Loss | None:
    """Sounds of which mixing takes more than it can where channels do not work against each other.

    That is less than one of the channels alone would give.
    """
    option = "channels=stereo"
    text = (
        "hollow, as channels of opposite polarity or with a delay cancel: the mix of {} is more "
        f"than 6 dB weaker than their loudest channel; `{option}` keeps both, `channel=left` "
        "takes one"
    )
    return _loss(
        "hollow",
        [entry for entry in used if recipe.channel == "mix" and _cancels(entry)],
        used,
        text,
        option,
        lambda entry: f"its mix is {-(entry.record.mix_db or 0.0):.0f} dB weaker",
    )


def _cancels(entry: Entry) -> bool:
    alone = -20 * math.log10(entry.record.channels or 1)
    return (entry.record.mix_db or 0.0) < alone - TOLERANCE_DB


def _level(used: Sequence[Entry], recipe: ClipRecipe) -> Loss | None:
    """Quiet sounds that are made loud."""
    raised = [] if recipe.normalise == "none" else used
    quiet = [entry for entry in raised if (entry.record.peak_db or 0.0) < QUIET_DB]
    most = -1 - min((entry.record.peak_db or 0.0 for entry in quiet), default=0.0)
    option = "normalise=none"
    text = (
        f"quiet, and raised by 12 to {most:.0f} dB with all their noise: {{}}; `{option}` keeps "
        "levels"
    )
    return _loss("level", quiet, used, text, option)


def _odd(used: Sequence[Entry], _: ClipRecipe) -> Loss | None:
    """Files of which not everything could be read, or not as it stands there."""
    odd = [entry for entry in used if entry.record.note]
    return _loss("odd", odd, used, "odd, but used: {}", why=lambda entry: entry.record.note)


def _unlabelled(used: Sequence[Entry], _: ClipRecipe) -> Loss | None:
    """Sounds without a class among classes."""
    without = [entry for entry in used if entry.split == "unlabelled"]
    option = "unlabelled"
    text = f"without a label: {{}}, not trained on; `{option}` trains on all sounds without classes"
    return _loss("unlabelled", without, used, text, option, lambda _: "no label")


_RULES = (_cut, _rate, _channels, _hollow, _level, _odd, _unlabelled)


def _left_out(entries: Sequence[Entry], verdict: str) -> Loss | None:
    """Files with this verdict that give no clip; what was never meant to be sound is no loss."""
    wanted = [
        entry
        for entry in entries
        if entry.verdict == verdict and not entry.clips and (entry.lost or verdict != "not audio")
    ]
    if verdict == "generated":  # by this program, whose files need not be named
        option = "with_generated"
        text = f"{verdict}: {{}}, made by soundgan and left out; `{option}` uses them"
        return _loss(verdict, wanted, entries, text, option)
    return _loss(
        verdict, wanted, entries, f"{verdict}: {{}}, left out", why=lambda entry: entry.reason
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:,.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
