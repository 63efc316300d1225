"""The level that a sound rests at, apart from the silence around it, which may have another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.ends import DITHER, NOTHING, Silence

Values = NDArray[np.float64]

QUIET = 1e-4
"""Power beside the loudest (-40 dB) up to which noise counts as silence."""

APART = QUIET / 4
"""The same for the square of the distance from which on two levels are two."""

LEAST_HOPS = 10
"""A noise that holds its level for less (50 ms) may be part of a slow wave."""

SHORT_HOPS = 4
"""In a sound of less (20 ms) nothing can be told from a constant part."""

_MOST = 8
"""Silences that are looked for, each at another level."""


@dataclass(frozen=True, eq=False)
class Hops:
    """Sums over consecutive hops of a waveform.

    Attributes:
        lengths: Samples in each hop, [T].
        counts: Those of them that are counted, [T].
        sums: Sum of the samples counted, [T].
        squares: Sum of their squares, [T].
    """

    lengths: Values
    counts: Values
    sums: Values
    squares: Values

    def power(self, level: float | Values) -> Values:
        """Mean of squares about ``level`` in each hop, [T].

        A few samples do not make a hop: it is taken for half full, at least.
        """
        power = self.squares - (2 * level) * self.sums
        power += level * level * self.counts
        power /= np.maximum(self.counts, self.lengths / 2)
        return np.maximum(power, 0.0, out=power)  # below zero is rounding

    def mean(self) -> float:
        """Mean of all samples."""
        return float(self.sums.sum() / max(1.0, self.counts.sum()))

    def part(self, start: int, stop: int) -> Hops:
        """Hops ``start`` to ``stop`` (exclusive)."""
        return Hops(*(values[start:stop] for values in self._all))

    def reverse(self) -> Hops:
        """The last hop first."""
        return Hops(*(values[::-1] for values in self._all))

    def without(self, head: Silence, tail: Silence) -> Hops:
        """The same without the samples of a silence at either end."""
        return self._without(head).reverse()._without(tail).reverse()

    def _without(self, head: Silence) -> Hops:
        if not head.n_samples:
            return self
        counts, sums, squares = (values.copy() for values in self._all[1:])
        whole = int(np.searchsorted(np.cumsum(counts), head.n_samples, side="right"))
        rest = head.n_samples - float(counts[:whole].sum())
        for values in (counts, sums, squares):
            values[:whole] = 0.0
        if rest:
            counts[whole] -= rest
            sums[whole] -= head.level * rest
            squares[whole] -= head.level**2 * rest
        return Hops(self.lengths, counts, sums, squares)

    @property
    def _all(self) -> tuple[Values, ...]:
        return self.lengths, self.counts, self.sums, self.squares


class Step(NamedTuple):
    """A hop in which a noisy silence changes to something at another level.

    Attributes:
        hop: Its number.
        outer: Level of the silence, towards the end of the waveform.
        inner: Level of the other side.
        from_start: Whether the silence comes first.
    """

    hop: int
    outer: float
    inner: float
    from_start: bool


@dataclass(frozen=True, eq=False)
class Resting:
    """Constant parts of a waveform.

    Attributes:
        mean: Constant part of the sound (DC).
        hops: The waveform without digital silence at its ends.
        levels: Constant part of each hop, [T]: ``mean``, or that of a noisy silence around the
            sound where the difference would be heard.
        steps: Hops that hold two levels.
        head: Digital silence at the start, if its level differs from ``mean`` so that it would be
            heard.
        tail: The same at the end.
        n_samples: Samples of the waveform.
    """

    mean: float
    hops: Hops
    levels: Values
    steps: tuple[Step, ...]
    head: Silence
    tail: Silence
    n_samples: int

    def power(self) -> Values:
        """Mean of squares in each hop without its constant part, [T]."""
        power = self.hops.power(self.levels)
        for hop, outer, inner, from_start in self.steps:
            count = self.hops.counts[hop]
            share = (inner - self.hops.sums[hop] / count) / (inner - outer)
            share = min(max(share, 0.0), 1.0)
            constant = share * outer**2 + (1 - share) * inner**2
            beside = power[hop + 1 if from_start else hop - 1]
            power[hop] = min(max(0.0, self.hops.squares[hop] / count - constant), beside)
        return power

    def remove(self, piece: NDArray[np.float32], begin: int, hop_length: int) -> None:
        """Take the constant parts off a piece of the waveform [N], in place.

        Args:
            piece: The samples.
            begin: Position of the first in the waveform.
            hop_length: Samples in a hop.
        """
        hops = np.arange(begin, begin + len(piece)) // hop_length
        levels = self.levels[hops].astype(np.float32)
        for step in self.steps:
            inside = slice(*np.searchsorted(hops, [step.hop, step.hop + 1]))
            towards = slice(None, None, 1 if step.from_start else -1)
            away = np.abs(piece[inside][towards] - np.float32(step.outer))
            changed = np.flatnonzero(away > abs(step.inner - step.outer) / 2)
            n_outer = int(changed[0]) if len(changed) else len(away)
            levels[inside][towards][:n_outer] = step.outer
        levels[: max(0, self.head.n_samples - begin)] = self.head.level
        levels[max(0, self.n_samples - self.tail.n_samples - begin) :] = self.tail.level
        piece -= levels


def find_resting(hops: Hops, head: Silence, tail: Silence) -> Resting:
    """What a waveform rests at.

    The mean is that of the sound. Digital silence at the ends is left out, and so is louder noise
    that lies about another level than the sound. A waveform without such ends has its plain mean.

    Args:
        hops: The waveform.
        head: Digital silence at its start.
        tail: The same at its end.
    """
    n_samples = int(hops.counts.sum())
    sound = hops.without(head, tail)
    search = _Search(sound, *_with_samples(sound.counts))
    search.strip_all()
    mean, loudest = search.measured
    longest = max(head, tail)
    if longest.n_samples and sound.counts.sum() < SHORT_HOPS * hops.counts[0]:
        mean = longest.level
    levels, steps = search.levels(mean)
    head, tail = (end if _apart(end.level, mean, loudest) else NOTHING for end in (head, tail))
    return Resting(mean, sound, levels, steps, head, tail, n_samples)


def _apart(level: float, other: float, loudest: float) -> bool:
    return (level - other) ** 2 > max(DITHER**2, APART * loudest)


def _with_samples(counts: Values) -> tuple[int, int]:
    """First hop that has samples, and one past the last."""
    found = np.flatnonzero(counts)
    return (int(found[0]), int(found[-1]) + 1) if len(found) else (0, 0)


@dataclass
class _Search:
    """The hops that may hold sound, ``first`` to ``last``, and noisy silences found beside them."""

    hops: Hops
    first: int
    last: int
    silences: list[tuple[int, int, float, bool]] = field(default_factory=list)

    def strip_all(self) -> None:
        """Take silences at another level off both ends, until there are no more."""
        for _ in range(_MOST):
            if not any(self._strip(from_start=side) for side in (True, False)):
                break

    def _strip(self, *, from_start: bool) -> bool:
        """Take one silence off an end, and say whether there was one."""
        mean, loudest = self.measured
        rest = self.hops.part(self.first, self.last)
        rest = rest if from_start else rest.reverse()
        before = [level for _, _, level, side in self.silences if side == from_start]
        # Where a silence has ended, the hop in which the level changed may be passed.
        for skipped in range(min(len(rest.counts), 2 if before else 1)):
            run = _run(rest.part(skipped, self.last), max(DITHER**2, QUIET * loudest))
            if run < LEAST_HOPS:
                continue
            level = rest.part(skipped, skipped + run).mean()
            others = [mean, before[-1]] if skipped else [mean]
            if all(_apart(level, other, loudest) for other in others):
                self._take(skipped, run, level, from_start)
                return True
        return False

    def _take(self, skipped: int, run: int, level: float, from_start: bool) -> None:
        if from_start:
            start = self.first + skipped
            self.first = start + run
        else:
            start = self.last - skipped - run
            self.last = start
        self.silences.append((start, start + run, level, from_start))
        del self.measured

    @cached_property
    def measured(self) -> tuple[float, float]:
        """Mean of the sound, and the power of its loudest hop."""
        sound = self.hops.part(self.first, self.last)
        if any(from_start for *_, from_start in self.silences):
            sound = sound.part(1, self.last)  # a hop that holds two levels
        if not all(from_start for *_, from_start in self.silences):
            sound = sound.part(0, len(sound.counts) - 1)
        mean = sound.mean() if len(sound.counts) else self.hops.mean()
        return mean, float(sound.power(mean).max(initial=0.0))

    def levels(self, mean: float) -> tuple[Values, tuple[Step, ...]]:
        """The constant part of each hop, and the hops between two levels."""
        levels = np.full(len(self.hops.counts), mean)
        silent = np.zeros(len(levels), bool)
        for start, stop, level, _ in self.silences:
            levels[start:stop], silent[start:stop] = level, True
        return levels, tuple(self._steps(levels, silent))

    def _steps(self, levels: Values, silent: NDArray[np.bool_]) -> Iterator[Step]:
        for start, stop, _, from_start in self.silences:
            hop, beyond = (stop, stop + 1) if from_start else (start - 1, start - 2)
            if min(hop, beyond) >= 0 and max(hop, beyond) < len(levels) and not silent[hop]:
                yield Step(hop, float(levels[start]), float(levels[beyond]), from_start)


def _run(hops: Hops, tolerance: float) -> int:
    """How many hops stay at the level of the first; none if not :data:`LEAST_HOPS` do."""
    level = float(hops.sums[0] / hops.counts[0])
    if (hops.part(0, LEAST_HOPS).power(level) > tolerance).any():
        return 0
    loud = hops.power(level) > tolerance
    return int(loud.argmax()) if loud.any() else len(loud)
