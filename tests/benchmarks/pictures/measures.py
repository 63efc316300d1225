"""How near a sound that came back is to the one that was drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.signal import stft

from tests.benchmarks.pictures.signals import RATE, Samples, Signal

FLOOR_DB = -60.0
"""Quieter than the loudest by so much is silence, and not compared."""

_N_FFT, _HOP = 1024, 110
_LOST = 999.0
"""Stands for what cannot be measured."""


@dataclass(frozen=True)
class Distance:
    """What came back, against what was drawn.

    Attributes:
        cents: Median over time of the distance in pitch; ``None`` where there is no pitch.
        onset_ms: Median distance of an onset; ``None`` where there is none.
        spectral_db: Log-spectral distance once both are equally loud.
    """

    cents: float | None
    onset_ms: float | None
    spectral_db: float

    def near(self, *, cents: float = 50.0, onset_ms: float = 15.0) -> bool:
        """Whether pitch and onsets are as near as asked."""
        return (self.cents is None or self.cents <= cents) and (
            self.onset_ms is None or self.onset_ms <= onset_ms
        )


def distance(signal: Signal, samples: NDArray[np.floating], rate: int) -> Distance:
    """Of a sound at any rate from a signal at :data:`RATE`."""
    heard = samples if samples.ndim == 1 else samples.mean(axis=1)
    heard = np.asarray(soxr.resample(heard.astype(np.float32), rate, RATE), np.float32)
    return Distance(
        cents=_cents(signal.samples, heard) if signal.pitched else None,
        onset_ms=_onset_ms(signal, heard) if signal.onsets else None,
        spectral_db=spectral_distance_db(signal.samples, heard),
    )


def _magnitude(samples: Samples) -> NDArray[np.float64]:
    """[F, T], loudest 1."""
    if len(samples) < _N_FFT:
        samples = np.pad(samples, (0, _N_FFT - len(samples)))
    spectrum = np.abs(stft(samples, nperseg=_N_FFT, noverlap=_N_FFT - _HOP)[2])
    return np.asarray(spectrum / max(float(spectrum.max()), 1e-12), np.float64)


def _contour(magnitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hz of the strongest partial of each moment, between bins too."""
    n_bins, n_frames = magnitude.shape
    best = magnitude[1:-1].argmax(axis=0) + 1
    columns = np.arange(n_frames)
    logs = np.log(magnitude + 1e-9)
    below, here, above = (logs[best + step, columns] for step in (-1, 0, 1))
    curve = below - 2 * here + above
    curve = np.minimum(curve, -1e-9)  # flat in silence
    shift = (0.5 * (below - above) / curve).clip(-0.5, 0.5)
    return np.asarray((best + shift) * RATE / (2 * (n_bins - 1)), np.float64)


def _cents(true: Samples, heard: Samples) -> float:
    """Where the original sounds, and over its whole length."""
    pair = [_magnitude(true), _magnitude(heard)]
    loud = pair[0].max(axis=0) > 0.1
    contours = [_contour(magnitude) for magnitude in pair]
    n = min(len(contour) for contour in contours)
    error = np.full(len(contours[0]), _LOST)
    error[:n] = np.abs(1200.0 * np.log2(contours[1][:n] / contours[0][:n]))
    return min(_LOST, float(np.median(error[loud])))


def _rises(samples: Samples) -> NDArray[np.float64]:
    """How much louder it gets from one millisecond to the next, over all frequencies."""
    window, hop = 256, RATE // 1000
    spectrum = np.abs(stft(samples, nperseg=window, noverlap=window - hop)[2])
    level = np.log(spectrum + 1e-2 * spectrum.max() + 1e-12)
    rise = np.maximum(level[:, 5:] - level[:, :-5], 0.0).sum(axis=0)
    smooth = np.convolve(np.pad(rise, (2, 3)), np.hanning(13) / 6.0, "same")
    return np.asarray(smooth, np.float64)


def _onset_ms(signal: Signal, heard: Samples) -> float:
    """Distance of the steepest rises around each onset."""
    steep = [_rises(samples) for samples in (signal.samples, heard)]
    errors = []
    for onset in signal.onsets:
        middle = int(onset * 1000 * (RATE / 1000) / (RATE // 1000))
        start, stop = max(0, middle - 90), middle + 90
        if stop > len(steep[1]):
            errors.append(_LOST)
            continue
        parts = [rise[start:stop] for rise in steep]
        if parts[1].max() < 0.2 * steep[1].max():
            errors.append(_LOST)
            continue
        errors.append(float(abs(int(parts[0].argmax()) - int(parts[1].argmax()))))
    return float(np.median(errors))


def spectral_distance_db(true: Samples, heard: Samples) -> float:
    """Root of the mean squared difference in dB over frequency, in the mean over time.

    The level is the one that fits best; a sound that is too short is silent from there on.
    """
    n = len(true)
    heard = np.pad(heard[:n], (0, max(0, n - len(heard))))
    levels = [20 * np.log10(_magnitude(samples) + 1e-9) for samples in (true, heard)]
    loud = levels[0] > FLOOR_DB / 2
    shift = float(np.median(levels[0][loud] - levels[1][loud].clip(FLOOR_DB)))
    clipped = [levels[0].clip(FLOOR_DB), (levels[1] + shift).clip(FLOOR_DB)]
    return float(np.sqrt(((clipped[0] - clipped[1]) ** 2).mean(axis=0)).mean())
