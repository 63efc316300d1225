"""The kit: hit number n of an instrument, recorded the way sample libraries are, all differently.

What is played (tuning, decay, brightness, level) follows from the seed; how it is recorded (rate,
channels, container) follows from the number alone, so that even a corpus of ten hits a class has
every kind of file, and a file's name does not depend on the seed.
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

# Nearest in pitch to what people have: mostly one rate, a few of each other.
_RATES = (22050, 22050, 22050, 44100, 22050, 22050, 48000, 22050, 22050, 16000)
_STEREO_EVERY = 7
_FLAC_EVERY = 6


@dataclass(frozen=True)
class Recording:
    """How a hit is written down.

    Attributes:
        sample_rate: Hz.
        n_channels: 1, or 2 with the hit somewhere between left and right.
        file_format: Container and codec, both lossless.
    """

    sample_rate: int
    n_channels: int
    file_format: Literal["wav", "flac"]


@dataclass(frozen=True)
class Hit:
    """One stroke on one instrument.

    Attributes:
        voice: The instrument, one of ``CLASSES``.
        number: Its place in the corpus, from 1.
        waveform: float32 in [-1, 1], [N], or [N, 2] where the recording is stereo.
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

    @property
    def mono(self) -> npt.NDArray[np.float32]:
        """The waveform with its channels averaged, [N]."""
        if self.waveform.ndim == 1:
            return self.waveform
        average: npt.NDArray[np.float32] = self.waveform.mean(axis=1)
        return average


def recording_of(number: int) -> Recording:
    """How hit ``number`` of every class is recorded."""
    return Recording(
        sample_rate=_RATES[(number - 1) % len(_RATES)],
        n_channels=2 if number % _STEREO_EVERY == 0 else 1,
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
    waveform = np.concatenate([np.zeros(lead), dry / np.max(np.abs(dry))])
    pan = rng.uniform(-0.6, 0.6)
    if recording.n_channels == 2:
        # The louder side keeps the level, the other is lower by up to 8 dB.
        sides = np.array([min(1.0, 1.0 - pan), min(1.0, 1.0 + pan)])
        waveform = waveform[:, None] * sides
    waveform = waveform * 10.0 ** (level_db / 20.0)
    return Hit(voice, number, waveform.astype(np.float32), recording)
