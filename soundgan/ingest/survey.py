"""Choosing a sample rate and a clip length from a sample of the corpus."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from soundgan.audio.decode import AudioFile
from soundgan.audio.envelope import EnvelopeBuilder, find_extent
from soundgan.audio.onsets import find_events
from soundgan.audio.origin import made_here
from soundgan.audio.sniff import has_audio_suffix
from soundgan.audio.stereo import Width, two_channels
from soundgan.audio.stream import CorruptAudioError, NotAudioError
from soundgan.audio.tally import Channel, one_channel
from soundgan.ingest.examine import SILENCE_DB

SAMPLE_FILES = 512
HIGHEST_RATE = 48_000
SHORTEST_SECONDS, LONGEST_SECONDS = 0.25, 4.0
SURVEY_TRIM_DB = 40.0

COLUMNS = 128
"""A clip is a whole number of hops for an image of this many columns."""

LISTEN_SECONDS = 1200.0
"""So much is listened to in all files together, shared evenly among them."""

LEAST_LISTEN_SECONDS, MOST_LISTEN_SECONDS = 30.0, 600.0
"""Of one file."""

WIDE_DB = -25.0
"""From this level of the side on a sound is stereo; below it channels are nearly alike."""

WIDE_SHARE = 0.25
"""So large a share of stereo sounds makes the clips stereo."""

DRAWN_FILES = 32
HEAD_BYTES = 1 << 16
"""Files that alternatives are compared on, and what they are drawn by."""

SEVERAL_EVENTS = 3
"""A file longer than any clip is a recording of several sounds if so many begin in it."""


@dataclass(frozen=True)
class Surveyed:
    """What a look through one file has told.

    Attributes:
        rate: Hz.
        seconds: From its first sound to its last.
        events: Seconds of the sounds that begin in it, one after the other.
        side_db: Level of its side against its mid, dB; ``None`` for mono.
    """

    rate: int
    seconds: float
    events: tuple[float, ...]
    side_db: float | None = None

    @property
    def long(self) -> bool:
        """Whether it is a recording to cut up rather than one sound."""
        several = len(self.events) >= SEVERAL_EVENTS or self.seconds > LEAST_LISTEN_SECONDS
        return self.seconds > LONGEST_SECONDS and several


def order_for_survey(files: Sequence[str]) -> list[int]:
    """Positions of ``files`` in the order to survey them: named like audio first, then by hash.

    Ranking by the hash of the name makes the sample the same in any order, and one more file in
    the folder changes one file of the sample.
    """

    def rank(index: int) -> tuple[bool, bytes]:
        name = os.fsencode(files[index])
        return not has_audio_suffix(files[index]), hashlib.sha256(name).digest()

    return sorted(range(len(files)), key=rank)


def seconds_to_listen(n_files: int) -> float:
    """How much of each of ``n_files`` is listened to at most."""
    share = LISTEN_SECONDS / max(1, n_files)
    return min(MOST_LISTEN_SECONDS, max(LEAST_LISTEN_SECONDS, share))


def survey_file(
    path: str,
    listen_seconds: float,
    beat: Callable[[], None],
    *,
    channel: Channel = "mix",
    with_generated: bool = False,
) -> Surveyed | None:
    """What the first ``listen_seconds`` of a file tell, or ``None`` when it has no sound."""
    try:
        with AudioFile(path) as file:
            if not with_generated and made_here(file.read, file.size):
                return None
            stream = file.decode()
            rate = stream.header.sample_rate
            builder = EnvelopeBuilder(rate)
            width = Width() if stream.header.channels > 1 else None
            heard, wanted, stopped = 0, round(listen_seconds * rate), False
            for block in stream.blocks:
                if heard >= wanted:
                    stopped = True
                    break
                builder.add(one_channel(block, channel))
                if width is not None:
                    width.add(two_channels(block))
                beat()
                heard += len(block)
    except (CorruptAudioError, NotAudioError):
        return None
    envelope = builder.finish()
    if not np.isfinite(envelope.squares).all():
        return None
    side_db = None if width is None else width.side_db
    sound = find_extent(envelope, rate, trim_db=SURVEY_TRIM_DB)
    promised = max(heard, stream.header.promised or 0) / rate
    if sound.loudest_db < SILENCE_DB:
        return Surveyed(rate, promised, (), side_db) if stopped else None
    events = find_events(envelope, rate, trim_db=SURVEY_TRIM_DB)
    lengths = (events.ends - events.begins) * (envelope.hop_length / rate)
    seconds = promised if stopped else sound.n_samples / rate
    return Surveyed(rate, seconds, tuple(lengths.tolist()), side_db)


def choose_channels(side_db: Sequence[float | None]) -> int:
    """2 where a noticeable share of the sounds is stereo, else 1.

    Args:
        side_db: Of each sound.
    """
    wide = sum(one is not None and one >= WIDE_DB for one in side_db)
    return 2 if wide and wide >= WIDE_SHARE * len(side_db) else 1


def choose_rate(rates: Sequence[int]) -> int:
    """The most common rate, the lower of equals; beyond :data:`HIGHEST_RATE` a part of it.

    Nobody hears what a rate beyond that adds.
    """
    counts = Counter(rates)
    rate = min(counts, key=lambda rate: (-counts[rate], rate))
    if rate <= HIGHEST_RATE:
        return rate
    return 44_100 if rate % 44_100 == 0 else HIGHEST_RATE


def lengths_to_hold(found: Mapping[int, Surveyed], cut_up: Collection[int]) -> list[float]:
    """Seconds of the sounds that are to become clips: whole files, or what begins inside them.

    Args:
        found: Files looked at, by position.
        cut_up: Positions of files that are cut where sounds begin.
    """
    lengths: list[float] = []
    for index, file in found.items():
        inside = index in cut_up and file.long and file.events
        lengths.extend(file.events if inside else [file.seconds])
    return lengths


def draw_files(source: Path, files: Sequence[str], found: Mapping[int, Surveyed]) -> list[int]:
    """Positions of some of the files in ``found``, drawn by the hash of their first bytes.

    Together they are not much longer than what was listened to before.
    """
    ranks: dict[bytes, int] = {}
    for index in found:
        try:
            with (source / files[index]).open("rb") as file:
                head = file.read(HEAD_BYTES)
        except OSError:
            continue
        ranks.setdefault(hashlib.sha256(head).digest(), index)
    drawn: list[int] = []
    left = LISTEN_SECONDS
    for _, index in sorted(ranks.items()):
        if found[index].seconds <= left and len(drawn) < DRAWN_FILES:
            left -= found[index].seconds
            drawn.append(index)
    return drawn


def tidy_length(n_samples: int, *, up: bool = True) -> int:
    """The nearest length above (or below) that is :data:`COLUMNS` times a tidy hop.

    A tidy hop has at most four binary digits before its zeros (8, 9, ... 15, 16, 18, ...): easy
    on the Fourier transform, and so far apart that a few more files rarely change the choice.
    """
    hop = -(-n_samples // COLUMNS) if up else n_samples // COLUMNS
    step = 1 << max(0, hop.bit_length() - 4)
    steps = -(-hop // step) if up else hop // step
    return COLUMNS * step * max(1, steps)
