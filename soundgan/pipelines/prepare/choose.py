"""What is to be made of a corpus: rate, length and which files are cut, where not given."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from soundgan.errors import ConfigError
from soundgan.ingest.clip_recipe import ClipRecipe
from soundgan.ingest.corpus import Corpus
from soundgan.ingest.options import PrepareOptions
from soundgan.ingest.slicing import Slicing
from soundgan.ingest.survey import (
    COLUMNS,
    WIDE_DB,
    Surveyed,
    choose_channels,
    choose_rate,
    lengths_to_hold,
)
from soundgan.pipelines.choose_preset import FULL_BAND, FULL_BAND_HZ
from soundgan.pipelines.prepare.alternatives import (
    Alternative,
    Comparison,
    Offer,
    compare,
    make_offers,
)
from soundgan.reporting import Reporter

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

    recipe: ClipRecipe
    slicing: Slicing
    comparison: Comparison | None = None


def choose(corpus: Corpus, options: PrepareOptions, out: Path) -> Choice:
    """What the options ask for, completed from a sample of the files.

    Args:
        corpus: The files.
        options: What is fixed.
        out: The prepared folder, for unfinished work.
    """
    rate, seconds = options.sample_rate, options.clip_seconds
    found: dict[int, Surveyed] = {}
    channels = options.fixed_channels
    if None in (rate, seconds, options.slice, channels):
        found = corpus.survey(options)
    surveyed = list(found.values())
    own = choose_rate([file.rate for file in surveyed]) if surveyed else FALLBACK_RATE
    slicing = corpus.slicing(options, found)
    recipe = ClipRecipe(
        sample_rate=rate or own,
        n_samples=_columns(seconds or FALLBACK_SECONDS, rate or own),
        trim_db=options.trim_db,
        normalise=options.normalise,
        channel=options.channel,
        channels=channels or _channels(surveyed, corpus.reporter),
        strict=options.strict,
        with_generated=options.with_generated,
    )
    if seconds is not None or not found:
        _say_rate(recipe, options, surveyed, corpus.reporter)
        return Choice(recipe, slicing)
    lengths = lengths_to_hold(found, slicing.files)
    offers = make_offers(lengths, recipe.sample_rate, lower=rate is None)
    comparison = _compare(corpus, found, offers, recipe, slicing, out)
    best = comparison.best if comparison else offers[0]
    recipe = recipe.model_copy(
        update={"sample_rate": best.sample_rate, "n_samples": best.n_samples}
    )
    _say_rate(recipe, options, surveyed, corpus.reporter)
    _say_length(best.seconds, lengths, corpus.reporter)
    return Choice(recipe, slicing, comparison)


def _channels(found: Sequence[Surveyed], reporter: Reporter) -> int:
    """Mono or stereo, as a folder's sounds ask for; said where it is stereo."""
    channels = choose_channels([file.side_db for file in found])
    if channels == 2:
        wide = sum(file.side_db is not None and file.side_db >= WIDE_DB for file in found)
        reporter.say(f"stereo: {wide} of {len(found)} files looked at are; `channels` overrides it")
    return channels


def _compare(
    corpus: Corpus,
    found: dict[int, Surveyed],
    offers: Sequence[Offer],
    recipe: ClipRecipe,
    slicing: Slicing,
    out: Path,
) -> Comparison | None:
    """Measure the offers on some of the sounds; ``None`` where that cannot be done."""
    longest = max(offer.seconds for offer in offers)
    n_samples = _columns(longest, recipe.sample_rate)
    recipe = recipe.model_copy(update={"n_samples": n_samples})
    clips = corpus.sample(found, recipe, slicing, out)
    if not clips:
        return None
    # Only here is torch needed: a folder without sounds fails before it is imported.
    from soundgan.pipelines.prepare.sample import (  # noqa: PLC0415 - torch
        measure_offer,
        measure_offers,
    )

    task = "comparing clip lengths"
    corpus.reporter.progress(task, 0, len(offers))
    try:
        with closing(measure_offers(offers, clips)) as measured:
            comparison = compare(_counted(measured, len(offers), task, corpus.reporter))
        fullest = next((offer for offer in offers if offer.full_enough), offers[0])
        if fullest.sample_rate < FULL_BAND_HZ:
            return comparison
        return replace(comparison, larger=measure_offer(fullest, clips, FULL_BAND))
    except ConfigError as error:
        corpus.reporter.warn(f"clip lengths cannot be compared: {error}")
        return None
    finally:
        corpus.reporter.finish(task)


def _counted(
    measured: Iterable[Alternative], total: int, task: str, reporter: Reporter
) -> Iterator[Alternative]:
    for done, alternative in enumerate(measured, start=1):
        reporter.progress(task, done, total)
        yield alternative


def _say_rate(
    recipe: ClipRecipe, options: PrepareOptions, found: Sequence[Surveyed], reporter: Reporter
) -> None:
    if options.sample_rate is not None or not found:
        return
    rates = Counter(file.rate for file in found)
    (own, most), rate = rates.most_common(1)[0], recipe.sample_rate
    share = f"{rates[rate]} of {len(found)} files looked at"
    if own > rate:
        share = f"{most} of {len(found)} files have {own} Hz"
    if 2 * rate == choose_rate([file.rate for file in found]):
        share += "; half of it for closer copies"
    reporter.say(f"sample rate {rate} Hz: {share}; `sample_rate` overrides it")


def _say_length(seconds: float, lengths: Sequence[float], reporter: Reporter) -> None:
    whole = 100 * sum(length <= seconds for length in lengths) // len(lengths)
    reporter.say(
        f"clip length {seconds:.3f} s: holds {whole} of 100 sounds whole; "
        "`clip_seconds` overrides it"
    )


def _columns(seconds: float, rate: int) -> int:
    """Samples of so many seconds, rounded up to whole columns."""
    return COLUMNS * math.ceil(round(seconds * rate) / COLUMNS)
