"""Choosing a sample rate and a clip length from a sample of the corpus."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from soundgan.audio.decode import AudioFile, CorruptAudioError, NotAudioError
from soundgan.audio.envelope import EnvelopeBuilder, find_sound
from soundgan.audio.sniff import has_audio_suffix
from soundgan.audio.tally import mean_channel
from soundgan.pipelines.prepare.examine import SILENCE_DB

SAMPLE_FILES = 512
HIGHEST_RATE = 44_100
SHORTEST_SECONDS, LONGEST_SECONDS = 0.25, 4.0
SURVEY_TRIM_DB = 40.0

COLUMNS = 128
"""A clip is a whole number of hops for an image of this many columns."""

LONG_SECONDS = 30.0
"""A file that claims more counts as long without being decoded."""


def order_for_survey(files: Sequence[str]) -> list[int]:
    """Positions of ``files`` in the order to survey them: named like audio first, then by hash.

    Ranking by the hash of the name makes the sample the same in any order, and one more file in
    the folder changes one file of the sample.
    """

    def rank(index: int) -> tuple[bool, bytes]:
        name = os.fsencode(files[index])
        return not has_audio_suffix(files[index]), hashlib.sha256(name).digest()

    return sorted(range(len(files)), key=rank)


def survey_file(path: str, beat: Callable[[], None]) -> tuple[int, float] | None:
    """Sample rate and seconds of sound of one file, or ``None`` when it has none."""
    try:
        with AudioFile(path) as file:
            stream = file.decode()
            rate = stream.header.sample_rate
            if (stream.header.promised or 0) > LONG_SECONDS * rate:
                return rate, LONG_SECONDS
            builder = EnvelopeBuilder(rate)
            for block in stream.blocks:
                builder.add(mean_channel(block))
                beat()
    except (CorruptAudioError, NotAudioError):
        return None
    envelope = builder.finish()
    if not np.isfinite(envelope.squares).all():
        return None
    sound = find_sound(envelope, rate, trim_db=SURVEY_TRIM_DB)
    if sound.loudest_db < SILENCE_DB:
        return None
    return rate, (sound.end - sound.start) / rate


def choose_rate(rates: Sequence[int]) -> int:
    """The most common rate, the lower of equals, at most :data:`HIGHEST_RATE`."""
    counts = Counter(rates)
    return min(HIGHEST_RATE, min(counts, key=lambda rate: (-counts[rate], rate)))


def choose_length(seconds: Sequence[float], sample_rate: int) -> int:
    """Samples that hold 95 of 100 sounds whole, rounded up to a tidy length."""
    wanted = float(np.percentile(seconds, 95, method="inverted_cdf"))
    longest = round(LONGEST_SECONDS * sample_rate)
    n_samples = round(min(max(wanted, SHORTEST_SECONDS), LONGEST_SECONDS) * sample_rate)
    tidy = tidy_length(n_samples)
    return tidy if tidy <= longest else tidy_length(longest, up=False)


def tidy_length(n_samples: int, *, up: bool = True) -> int:
    """The nearest length above (or below) that is :data:`COLUMNS` times a tidy hop.

    A tidy hop has at most four binary digits before its zeros (8, 9, ... 15, 16, 18, ...): easy
    on the Fourier transform, and so far apart that a few more files rarely change the choice.
    """
    hop = -(-n_samples // COLUMNS) if up else n_samples // COLUMNS
    step = 1 << max(0, hop.bit_length() - 4)
    steps = -(-hop // step) if up else hop // step
    return COLUMNS * step * max(1, steps)
