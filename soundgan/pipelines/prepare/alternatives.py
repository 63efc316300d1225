"""The sample rates and clip lengths that a corpus may be prepared with, and the best of them.

A long clip at a high rate keeps more of a recording, but an image of fixed size holds it less
closely, and most of a clip far longer than most sounds is silence. So the alternatives are put in
order, what keeps the most first, and each is measured on real sounds until one is close enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from soundgan.ingest.survey import (
    LONGEST_SECONDS,
    SHORTEST_SECONDS,
    tidy_length,
)
from soundgan.pipelines.prepare.advice import call_ceiling
from soundgan.pipelines.prepare.spread import Spread

PRESET = "fast"
"""Alternatives are measured through its images, whatever the machine: the same files give the
same dataset with a GPU and without."""

CLOSE_ENOUGH_DB = -10.5
"""A little closer than what the report calls fair, because a few sounds are a rough measure."""

MOST_SILENCE = 2 / 3
"""Part of the clips that may be silence."""

LOWEST_RATE = 8000
HOLDS = (95, 90, 75, 50)
"""Lengths that hold so many of a hundred sounds whole."""

SHORTEST_LAST_SECONDS = 1.0
"""Sounds are cut to less than half of their middle length at most down to this."""

NEAR = 1.15
"""Lengths closer than this are one."""

MORE = 2
"""So many alternatives are measured beyond the first that will do, to be seen beside it."""

TOLERANCE_SECONDS = 0.005


@dataclass(frozen=True)
class Offer:
    """A rate and a length, before its images are measured.

    Attributes:
        sample_rate: Hz.
        n_samples: Length of a clip.
        silent_share: Part of all clips that is silence.
        cut_share: Part of the sounds that are longer than a clip.
        shortest: Whether no shorter clip is offered at any rate.
    """

    sample_rate: int
    n_samples: int
    silent_share: float
    cut_share: float
    shortest: bool

    @property
    def seconds(self) -> float:
        """Length of a clip."""
        return self.n_samples / self.sample_rate

    @property
    def full_enough(self) -> bool:
        """Whether a model has something to learn from."""
        return self.silent_share <= MOST_SILENCE or self.shortest


@dataclass(frozen=True)
class Alternative:
    """An offer, measured.

    Attributes:
        offer: Rate and length.
        image: (F, T) of the images.
        spread: How close copies are.
        preset: Whose images they are.
    """

    offer: Offer
    image: tuple[int, int]
    spread: Spread
    preset: str = PRESET

    @property
    def will_do(self) -> bool:
        """Whether a model has something to learn from, and a chance to sound like it."""
        return self.spread.median_db <= CLOSE_ENOUGH_DB and self.offer.full_enough

    def document(self) -> dict[str, Any]:
        """For reports."""
        return {
            "preset": self.preset,
            "sample_rate": self.offer.sample_rate,
            "n_samples": self.offer.n_samples,
            "clip_seconds": round(self.offer.seconds, 4),
            "image": list(self.image),
            "silent_share": round(self.offer.silent_share, 3),
            "cut_share": round(self.offer.cut_share, 3),
            "median_db": self.spread.median_db,
            "word": call_ceiling(self.spread.median_db),
            "attacks_kept": self.spread.attacks_kept,
            "n_clips": self.spread.clips,
        }

    @property
    def rank(self) -> tuple[bool, float]:
        """For the choice among alternatives of which none will do; lower is better."""
        return not self.offer.full_enough, self.spread.median_db


@dataclass(frozen=True)
class Comparison:
    """All alternatives that were measured.

    Attributes:
        alternatives: What keeps the most of the recordings first.
        chosen: Position of the best.
        larger: What keeps the most of them through the larger images of another preset.
    """

    alternatives: tuple[Alternative, ...]
    chosen: int
    larger: Alternative | None = None

    @property
    def best(self) -> Offer:
        """The chosen rate and length."""
        return self.alternatives[self.chosen].offer

    def document(self) -> dict[str, Any]:
        """For reports."""
        return {
            "preset": PRESET,
            "rows": [
                one.document() | {"chosen": position == self.chosen}
                for position, one in enumerate(self.alternatives)
            ],
            "larger": self.larger and self.larger.document(),
        }


def make_offers(seconds: Sequence[float], rate: int, *, lower: bool) -> list[Offer]:
    """Rates and lengths to compare, what keeps the most of the sounds first.

    Args:
        seconds: Lengths of sounds, not empty.
        rate: The corpus's own, Hz.
        lower: Whether half of that may be offered too.
    """
    half = rate // 2 if lower and rate // 2 >= LOWEST_RATE else None
    held = {share: float(np.percentile(seconds, share, method="inverted_cdf")) for share in HOLDS}
    middle = min(held[50], LONGEST_SECONDS)
    wanted = [(rate, held[95]), (rate, held[90]), (rate, held[75])]
    if half:
        wanted += [(half, held[90]), (half, held[75])]
    wanted.append((rate, held[50]))
    if half:
        wanted.append((half, held[50]))
    last = half or rate
    wanted += [(last, middle / part) for part in (2, 4) if middle / part >= SHORTEST_LAST_SECONDS]
    sizes: list[tuple[int, int]] = []
    for sample_rate, length in wanted:
        n_samples = clip_length(length, sample_rate)
        if all(r != sample_rate or not _near(n, n_samples) for r, n in sizes):
            sizes.append((sample_rate, n_samples))
    shortest = min(n / r for r, n in sizes)
    return [_offer(seconds, r, n, shortest=n / r < shortest * NEAR) for r, n in sizes]


def clip_length(seconds: float, sample_rate: int) -> int:
    """A tidy number of samples for ``seconds``, neither very short nor very long."""
    longest = round(LONGEST_SECONDS * sample_rate)
    n_samples = round(min(max(seconds, SHORTEST_SECONDS), LONGEST_SECONDS) * sample_rate)
    tidy = tidy_length(n_samples)
    return tidy if tidy <= longest else tidy_length(longest, up=False)


def compare(alternatives: Iterable[Alternative]) -> Comparison:
    """Choose the first that will do; if none will, the one with the closest copies.

    Args:
        alternatives: In their order; no more are asked for than are needed.
    """
    measured: list[Alternative] = []
    chosen: int | None = None
    for alternative in alternatives:
        measured.append(alternative)
        if chosen is None and alternative.will_do:
            chosen = len(measured) - 1
        if chosen is not None and len(measured) > chosen + MORE:
            break
    if chosen is None:
        chosen = min(range(len(measured)), key=lambda position: measured[position].rank)
    return Comparison(tuple(measured), chosen)


def _near(one: int, other: int) -> bool:
    return max(one, other) <= NEAR * min(one, other)


def _offer(seconds: Sequence[float], rate: int, n_samples: int, *, shortest: bool) -> Offer:
    length = n_samples / rate
    lengths = np.asarray(seconds)
    return Offer(
        sample_rate=rate,
        n_samples=n_samples,
        silent_share=float(1 - np.minimum(lengths, length).mean() / length),
        cut_share=float((lengths > length + TOLERANCE_SECONDS).mean()),
        shortest=shortest,
    )
