"""The energy of a waveform over time, gathered block by block in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.ends import NOTHING, EndsBuilder, Silence
from soundgan.audio.level import decibels
from soundgan.audio.resting import Hops, Resting, find_resting

HOP_SECONDS = 0.005
MAX_HOPS = 1 << 20
"""Beyond this (87 minutes) hops are joined in pairs, so that memory stays at 16 MiB."""

_NOTHING = np.zeros(0)

PRE_ROLL_SECONDS = 0.005
POST_ROLL_SECONDS = 0.010


@dataclass(frozen=True, eq=False)
class Envelope:
    """Sums over consecutive hops of a waveform.

    Attributes:
        hop_length: Samples in a hop; the last hop may be shorter.
        n_samples: Samples altogether.
        sums: Sum of samples in each hop, float64 [T].
        squares: Sum of squared samples in each hop, float64 [T].
        head: Digital silence at the start.
        tail: Digital silence at the end.
    """

    hop_length: int
    n_samples: int
    sums: NDArray[np.float64]
    squares: NDArray[np.float64]
    head: Silence = NOTHING
    tail: Silence = NOTHING

    @cached_property
    def resting(self) -> Resting:
        """The constant parts (DC) of the sound and of the silence around it."""
        counts = np.full(len(self.sums), float(self.hop_length))
        if len(counts):
            counts[-1] = self.n_samples - self.hop_length * (len(counts) - 1)
        return find_resting(Hops(counts, counts, self.sums, self.squares), self.head, self.tail)

    @property
    def mean(self) -> float:
        """The sound's constant part (DC)."""
        return self.resting.mean

    @property
    def counts(self) -> NDArray[np.float64]:
        """Samples of each hop that are not digital silence at an end, [T]."""
        return self.resting.hops.counts

    @cached_property
    def power(self) -> NDArray[np.float64]:
        """Mean of squares in each hop once the constant parts are removed, [T]."""
        return self.resting.power()


class EnvelopeBuilder:
    """Takes a waveform in blocks of any size; how it is cut does not matter."""

    def __init__(self, sample_rate: int) -> None:
        self._hop = max(1, round(HOP_SECONDS * sample_rate))
        self._sums: list[NDArray[np.float64]] = []
        self._squares: list[NDArray[np.float64]] = []
        self._hops = 0
        self._rest = np.zeros(0, np.float32)
        self._ends = EndsBuilder(sample_rate)

    def add(self, block: NDArray[np.float32]) -> None:
        """Append samples [n]."""
        if not len(block):
            return
        self._ends.add(block)
        waiting = np.concatenate([self._rest, block]) if len(self._rest) else block
        used = self._take(waiting)
        self._rest = waiting[used:].copy()
        if self._hops >= MAX_HOPS and self._hops % 2 == 0:
            self._join_pairs()

    def finish(self, ends: tuple[Silence, Silence] | None = None) -> Envelope:
        """The envelope of everything added.

        Args:
            ends: Digital silence at both ends, where it was told before resampling blurred it.
        """
        n_samples = self._hops * self._hop + len(self._rest)
        if len(self._rest):
            rows = np.zeros((-(-len(self._rest) // self._hop), self._hop), np.float32)
            rows.flat[: len(self._rest)] = self._rest
            self._append(rows)
        head, tail = ends or self._ends.finish()
        head = head._replace(n_samples=min(head.n_samples, n_samples))
        tail = tail._replace(n_samples=min(tail.n_samples, n_samples - head.n_samples))
        return Envelope(
            hop_length=self._hop,
            n_samples=n_samples,
            sums=np.concatenate(self._sums or [_NOTHING]),
            squares=np.concatenate(self._squares or [_NOTHING]),
            head=head,
            tail=tail,
        )

    def _take(self, waiting: NDArray[np.float32]) -> int:
        """Sum the whole hops in ``waiting`` and return how many samples they were."""
        hops = len(waiting) // self._hop
        if hops and self._hops + hops >= MAX_HOPS:
            hops -= (self._hops + hops) % 2  # so that they can be joined in pairs
        if hops:
            self._append(waiting[: hops * self._hop].reshape(-1, self._hop))
        return hops * self._hop

    def _append(self, rows: NDArray[np.float32]) -> None:
        exact = rows.astype(np.float64)
        self._sums.append(np.einsum("ij->i", exact))
        self._squares.append(np.einsum("ij,ij->i", exact, exact))
        self._hops += len(rows)

    def _join_pairs(self) -> None:
        self._sums = [np.concatenate(self._sums).reshape(-1, 2).sum(axis=1)]
        self._squares = [np.concatenate(self._squares).reshape(-1, 2).sum(axis=1)]
        self._hops //= 2
        self._hop *= 2


@dataclass(frozen=True)
class Extent:
    """The part of a waveform between the silence at its ends.

    Attributes:
        start: First sample, a short pre-roll before the first audible hop.
        end: One past the last sample, a short post-roll behind the last audible hop, but none of
            it in digital silence.
        silent_lead: So many samples from ``start`` on are digital silence.
        active_seconds: From the first audible hop to the last.
        loudest_db: Level of the loudest hop, dBFS RMS.
        rms_db: Level from ``start`` to ``end``, dBFS RMS.
    """

    start: int
    end: int
    active_seconds: float
    loudest_db: float
    rms_db: float
    silent_lead: int = 0

    @property
    def n_samples(self) -> int:
        """Samples without the silent lead."""
        return self.end - self.start - self.silent_lead


def find_extent(envelope: Envelope, sample_rate: int, *, trim_db: float) -> Extent:
    """The span from the first to the last hop within ``trim_db`` of the loudest one."""
    power, hop, n_samples = envelope.power, envelope.hop_length, envelope.n_samples
    loudest = float(power.max(initial=0.0))
    if loudest == 0.0:
        return Extent(0, 0, 0.0, decibels(0.0), decibels(0.0))
    heard = np.flatnonzero(audible(envelope, trim_db=trim_db))
    first, last = int(heard[0]), int(heard[-1])
    begin, stop = first * hop, min(n_samples, (last + 1) * hop)
    start = max(0, begin - round(PRE_ROLL_SECONDS * sample_rate))
    # Behind digital silence begins nothing that a margin could keep.
    tail = max(start + 1, n_samples - envelope.tail.n_samples)
    end = min(tail, stop + round(POST_ROLL_SECONDS * sample_rate))
    inside = slice(start // hop, -(-end // hop))
    counts = envelope.counts[inside]
    mean_square = float(power[inside] @ counts / counts.sum())
    return Extent(
        start=start,
        end=end,
        active_seconds=(stop - begin) / sample_rate,
        loudest_db=decibels(loudest**0.5),
        rms_db=decibels(mean_square**0.5),
        silent_lead=min(max(0, envelope.head.n_samples - start), end - start),
    )


def audible(envelope: Envelope, *, trim_db: float) -> NDArray[np.bool_]:
    """Which hops lie within ``trim_db`` of the loudest one, [T]."""
    loudest = float(envelope.power.max(initial=0.0))
    return envelope.power >= np.float64(loudest * 10 ** (-trim_db / 10))


def loudest_window(envelope: Envelope, sound: Extent, n_samples: int) -> int:
    """First sample of the window of ``n_samples`` inside ``sound`` with the most energy.

    A sound whose beginning is as loud as anything after it starts where it starts. Otherwise the
    last of the equally loud windows is taken, and a hop before it: there the attack stands at the
    beginning of the clip, and the fade-in does not touch it.
    """
    hop = envelope.hop_length
    width = max(1, n_samples // hop)
    first, last = sound.start // hop, max(sound.start, sound.end - n_samples) // hop
    total = np.concatenate([[0.0], np.cumsum(envelope.power)])
    starts = np.arange(first, last + 1)
    energy = total[np.minimum(starts + width, len(total) - 1)] - total[starts]
    if energy[:2].max() >= 0.99 * energy.max():  # the first hop may be pre-roll
        return sound.start
    best = int(starts[np.flatnonzero(energy >= 0.999 * energy.max())[-1]]) - 1
    return min(max(best * hop, sound.start), max(sound.start, sound.end - n_samples))
