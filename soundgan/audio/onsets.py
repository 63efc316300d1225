"""Where sounds begin inside a long recording, and the clips that begin there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.cut import Window
from soundgan.audio.envelope import POST_ROLL_SECONDS, PRE_ROLL_SECONDS, Envelope, Extent

LOOK_SECONDS = 0.030
"""A sound begins where the loudest hop of so long a time exceeds that of the time before. Longer
than a period of the lowest tone, whose single hops rise and fall."""

RISE = 4.0
"""By how much power rises where a sound begins: 6 dB."""

STEADY_DB = 2.0
"""The quietest tenth of a recording is noise if it is steady: all of it within so many dB."""

NOISE_MARGIN_DB, NOISE_CEILING_DB = 5.0, -25.0
"""Sound stands this far above noise; but what is within 25 dB of the loudest always counts."""

SUSTAINED = 0.25
"""A part that holds at least this share of its beginning's power (-6 dB) is sustained."""

SUSTAINED_CLIPS = 4
"""Only a sound as long as so many clips is cut in its middle."""


@dataclass(frozen=True, eq=False)
class Events:
    """Sounds that follow each other, in hops of the envelope.

    Attributes:
        begins: First hop of each, ascending, int64 [E].
        ends: One past its last audible hop, at most the next one's first, int64 [E].
        strengths: Power of the loudest hop of each, [E].
        loud: Hops that can be heard, bool [T].
    """

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    strengths: NDArray[np.float64]
    loud: NDArray[np.bool_]


def find_events(envelope: Envelope, sample_rate: int, *, trim_db: float) -> Events:
    """Every sound that begins by a rise in level, or after a silence.

    In a recording beyond 87 minutes hops are longer, and beginnings that much less exact.

    Args:
        envelope: Where the energy is.
        sample_rate: Hz.
        trim_db: What lies this far below the loudest hop is silence.
    """
    power = envelope.power
    look = max(1, round(LOOK_SECONDS * sample_rate / envelope.hop_length))
    threshold = _threshold(power, trim_db)
    loud = power >= threshold
    if not loud.any():
        nothing = np.zeros(0, np.int64)
        return Events(nothing, nothing, np.zeros(0), loud)
    before, after = _loudest_before(power, look), _loudest_after(power, look)
    begins = _begins(power, before, after, threshold, look)
    strengths = np.maximum.reduceat(power, begins)
    clear = strengths >= RISE * threshold  # the last of a decay flickers about the threshold
    begins, strengths = begins[clear], strengths[clear]
    silent = np.append(np.flatnonzero(after < threshold), len(power))
    ends = silent[np.searchsorted(silent, begins, side="right")]
    ends = np.minimum(ends, np.append(begins[1:], len(power)))
    return Events(begins, ends, strengths, loud)


def cut_at_onsets(
    envelope: Envelope, events: Events, sound: Extent, sample_rate: int, n_samples: int
) -> list[Window]:
    """Windows of at most ``n_samples`` that begin where a sound begins, in order, apart.

    Sounds nearer to each other than half a window share one, which begins with the louder. A
    window ends with its sound or where the next window begins. A sound that is sustained for
    many windows gives several, one behind the other; otherwise its rest is left out.
    """
    hop = envelope.hop_length
    begins = events.begins[_apart(events, n_samples / (2 * hop))]
    pre_roll = round(PRE_ROLL_SECONDS * sample_rate)
    post_roll = round(POST_ROLL_SECONDS * sample_rate)
    starts = np.maximum(sound.start, begins * hop - pre_roll)
    limits = np.append(starts[1:], sound.end)
    loud = np.flatnonzero(events.loud)
    total = np.concatenate([[0.0], np.cumsum(envelope.power)])
    windows: list[Window] = []
    for first, limit in zip(starts.tolist(), limits.tolist(), strict=True):
        for start in range(
            first, first + n_samples * _sustained(total, first, limit, n_samples, hop), n_samples
        ):
            bound = min(start + n_samples, limit)
            heard = int(loud[np.searchsorted(loud, -(-bound // hop)) - 1]) + 1
            windows.append(Window(start, min(bound, heard * hop + post_roll)))
    return windows


def _threshold(power: NDArray[np.float64], trim_db: float) -> float:
    """Power from which on a hop is heard."""
    loudest = float(power.max(initial=0.0))
    if loudest == 0.0:
        return np.inf
    lowest, highest = loudest * 10 ** (-trim_db / 10), loudest * 10 ** (NOISE_CEILING_DB / 10)
    heard = np.flatnonzero(power >= lowest)
    # Silence around the recording says nothing about the noise inside it.
    quietest, quiet = np.percentile(power[heard[0] : heard[-1] + 1], [2, 10])
    if quiet > quietest * 10 ** (STEADY_DB / 10):
        return lowest
    return max(lowest, min(float(quiet) * 10 ** (NOISE_MARGIN_DB / 10), highest))


def _loudest_after(power: NDArray[np.float64], look: int) -> NDArray[np.float64]:
    """The largest of each hop and the ``look - 1`` behind it."""
    padded = np.concatenate([power, np.zeros(look - 1)])
    largest = padded[: len(power)].copy()
    for shift in range(1, look):
        np.maximum(largest, padded[shift : shift + len(power)], out=largest)
    return largest


def _loudest_before(power: NDArray[np.float64], look: int) -> NDArray[np.float64]:
    """The largest of the ``look`` hops before each."""
    behind = _loudest_after(power[::-1], look)[::-1]
    return np.concatenate([[0.0], behind[:-1]])


def _begins(
    power: NDArray[np.float64],
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    threshold: float,
    look: int,
) -> NDArray[np.int64]:
    """First hops of sounds, ascending, each once."""
    rising = (after >= RISE * before) & (after >= threshold)
    edges = np.flatnonzero(np.diff(rising, prepend=False, append=False)).reshape(-1, 2)
    # The rise is seen up to ``look`` hops ahead; it begins with the first hop that takes part.
    part = np.flatnonzero((power >= RISE / 2 * before) & (power >= threshold / 10))
    place = np.searchsorted(part, edges[:, 0])
    none = 2 * len(power) + 4 * look
    found = np.append(part, none)[place]
    rises = np.where(found < edges[:, 1] + look, found, edges[:, 1] - 1)
    out_of_silence = np.flatnonzero((power >= threshold) & (before < threshold))
    near = np.searchsorted(rises, out_of_silence - 2 * look)
    ahead = np.append(rises, none)[near]
    alone = out_of_silence[ahead > out_of_silence + look]
    return np.unique(np.concatenate([rises, alone])).astype(np.int64)


def _apart(events: Events, distance: float) -> NDArray[np.int64]:
    """Positions of events at least ``distance`` hops apart, the louder before the quieter."""
    begins = events.begins
    kept = np.ones(len(begins), bool)
    for index in np.lexsort((begins, -events.strengths)).tolist():
        if not kept[index]:
            continue
        first = np.searchsorted(begins, begins[index] - distance, side="right")
        last = np.searchsorted(begins, begins[index] + distance, side="left")
        kept[first:index] = False
        kept[index + 1 : last] = False
    return np.flatnonzero(kept)


def _sustained(total: NDArray[np.float64], first: int, limit: int, n_samples: int, hop: int) -> int:
    """How many windows from ``first`` on, all before ``limit``, hold one sustained sound."""
    edges = np.arange(first, limit + 1, n_samples) // hop
    energy = np.diff(total[np.minimum(edges, len(total) - 1)])
    if len(energy) < SUSTAINED_CLIPS:
        return 1
    fading = np.flatnonzero(energy < SUSTAINED * energy[0])
    count = int(fading[0]) if len(fading) else len(energy)
    return count if count >= SUSTAINED_CLIPS else 1
