"""What makes a drum recognisable, in six numbers, and the instrument that has them.

The numbers look at frequencies up to 8 kHz only, so that they mean the same at every usual
sample rate, and at the envelope over some milliseconds, so that they survive a trip through a
spectrogram.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from soundgan.drums.kit import CLASSES, play
from soundgan.errors import AudioError

CEILING_HZ = 8000.0
LOW_HZ = 85.0
BODY_HZ = 600.0
MID_HZ = 3000.0
SMOOTHING_SECONDS = 0.010

_YARDSTICK_SEED = 1_000_003
_YARDSTICK_HITS = 60


@dataclass(frozen=True)
class Character:
    """How one hit sounds.

    Attributes:
        centroid_hz: Mean frequency, weighted by power.
        low_share: Share of the energy below 85 Hz, in [0, 1].
        body_share: Share of the energy from 85 to 600 Hz, in [0, 1].
        mid_share: Share of the energy from 600 Hz to 3 kHz, in [0, 1].
        rise_seconds: Time the energy envelope takes from a tenth of its peak to the peak.
        decay_seconds: Time from the peak until the envelope stays 20 dB below it.
    """

    centroid_hz: float
    low_share: float
    body_share: float
    mid_share: float
    rise_seconds: float
    decay_seconds: float


def describe(waveform: npt.NDArray[np.float32], sample_rate: int) -> Character:
    """Measure one hit.

    Args:
        waveform: Mono samples, [N]; at any level, the numbers do not depend on it.
        sample_rate: Hz, at least 16 kHz for numbers that compare with others.

    Raises:
        AudioError: The waveform is empty, silent or not finite.
    """
    samples = waveform.astype(np.float64)
    if not samples.size or not np.isfinite(samples).all() or not samples.any():
        raise AudioError(f"waveform of {samples.size} samples: empty, silent or not finite")
    frequency = np.fft.rfftfreq(len(samples), 1.0 / sample_rate)
    audible = frequency <= CEILING_HZ
    frequency = frequency[audible]
    power = np.abs(np.fft.rfft(samples)[audible]) ** 2
    power /= power.sum()
    below = [float(power[frequency < edge].sum()) for edge in (LOW_HZ, BODY_HZ, MID_HZ)]
    rise, decay = _rise_and_decay(samples, sample_rate)
    return Character(
        centroid_hz=float(np.sum(frequency * power)),
        low_share=below[0],
        body_share=below[1] - below[0],
        mid_share=below[2] - below[1],
        rise_seconds=rise,
        decay_seconds=decay,
    )


def nearest_class(character: Character) -> str:
    """The instrument that most likely made a sound of this character.

    Every class is a normal distribution with independent numbers, frequency and times taken as
    logarithms; the likeliest one wins.
    """
    point = _coordinates(character)
    likelihood = {
        name: float(-np.sum(((point - mean) / spread) ** 2 / 2.0 + np.log(spread)))
        for name, (mean, spread) in _yardstick().items()
    }
    return max(likelihood, key=likelihood.__getitem__)


@cache
def _yardstick() -> dict[str, tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    """Mean and spread of every class, from hits that no corpus of a usual seed contains."""
    statistics = {}
    for name in CLASSES:
        hits = (play(name, 1 + n, seed=_YARDSTICK_SEED) for n in range(_YARDSTICK_HITS))
        characters = [describe(hit.waveform, hit.recording.sample_rate) for hit in hits]
        points = np.array([_coordinates(character) for character in characters])
        # A sound that is nearly right should count as nearly right, however narrow its class.
        statistics[name] = (points.mean(axis=0), np.maximum(points.std(axis=0), 0.1))
    return statistics


def _coordinates(character: Character) -> npt.NDArray[np.float64]:
    """The numbers of a character on scales where equal steps sound equally large."""
    centroid, low, body, mid, rise, decay = astuple(character)
    return np.array([math.log(centroid), low, body, mid, math.log(rise), math.log(decay)])


def _rise_and_decay(samples: npt.NDArray[np.float64], sample_rate: int) -> tuple[float, float]:
    """Times before and after the loudest moment, both at least one sample."""
    window = np.hanning(max(3, round(SMOOTHING_SECONDS * sample_rate)) + 2)
    envelope = np.convolve(samples * samples, window / window.sum(), mode="same")
    peak = int(envelope.argmax())
    begin = int(np.argmax(envelope[: peak + 1] > 0.1 * envelope[peak]))
    end = int(np.nonzero(envelope > 0.01 * envelope[peak])[0][-1])
    return max(1, peak - begin) / sample_rate, max(1, end - peak) / sample_rate
