"""The kit: hit number n of an instrument, recorded the way sample libraries are, all differently.

What is played (tuning, decay, brightness, level) follows from the seed; how it is recorded (rate
and container) follows from the number alone, so that even a corpus of ten hits a class has every
kind of file, and a file's name does not depend on the seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from soundgan.drums.voices import VOICES
from soundgan.runtime.seeding import numpy_stream

CLASSES: tuple[str, ...] = tuple(VOICES)

LOUDEST_DB = -1.0
QUIETEST_DB = -12.0
LONGEST_LEAD_SECONDS = 0.012

# As in folders that grew over the years: mostly one rate, now and then another.
_RATES = (22050, 22050, 22050, 44100, 22050, 22050, 48000, 22050, 22050, 16000)
_FLAC_EVERY = 6


@dataclass(frozen=True)
class Recording:
    """How a hit is written down.

    Attributes:
        sample_rate: Hz.
        file_format: Container and codec, both lossless.
    """

    sample_rate: int
    file_format: Literal["wav", "flac"]


@dataclass(frozen=True)
class Hit:
    """One stroke on one instrument.

    Attributes:
        voice: The instrument, one of ``CLASSES``.
        number: Its place in the corpus, from 1.
        waveform: float32 in [-1, 1], [N].
        recording: How to write it down.
    """

    voice: str
    number: int
    waveform: npt.NDArray[np.float32]
    recording: Recording

    @property
    def file_name(self) -> str:
        """Where the hit belongs inside the corpus: ``kick/kick_0001.wav``."""
        return f"{self.voice}/{self.voice}_{self.number:04d}.{self.recording.file_format}"


def recording_of(number: int) -> Recording:
    """How hit ``number`` of every class is recorded."""
    return Recording(
        sample_rate=_RATES[(number - 1) % len(_RATES)],
        file_format="flac" if number % _FLAC_EVERY == 0 else "wav",
    )


def play(voice: str, number: int, *, seed: int) -> Hit:
    """Hit ``number`` of an instrument; the same arguments give the same samples.

    Args:
        voice: One of ``CLASSES``.
        number: From 1.
        seed: Any integer; another seed is another drummer on another kit.
    """
    rng = numpy_stream(seed, "drums", voice, number)
    recording = recording_of(number)
    dry = VOICES[voice](rng, recording.sample_rate)
    level_db = rng.uniform(QUIETEST_DB, LOUDEST_DB)
    lead = round(rng.uniform(0.0, LONGEST_LEAD_SECONDS) * recording.sample_rate)
    sound = dry / np.max(np.abs(dry)) * 10.0 ** (level_db / 20.0)
    waveform = np.concatenate([np.zeros(lead), sound]).astype(np.float32)
    return Hit(voice, number, waveform, recording)
