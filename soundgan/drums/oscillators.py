"""What a drum is made of: falling sines, metallic partials and bands of noise.

All functions return float64 samples [N] on a time axis in seconds, [N].
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]


def time_axis(seconds: float, sample_rate: int) -> Samples:
    """The moment of every sample in a sound of the given length, in seconds."""
    return np.arange(round(seconds * sample_rate)) / sample_rate


def falling_sine(time: Samples, *, start_hz: float, end_hz: float, fall_seconds: float) -> Samples:
    """A sine whose frequency glides exponentially from ``start_hz`` to ``end_hz``.

    The frequency is ``end + (start - end) exp(-t / fall)``; its integral is the phase, so the
    glide has no steps at any sample rate.
    """
    glide = (start_hz - end_hz) * fall_seconds * (1.0 - np.exp(-time / fall_seconds))
    return np.sin(2.0 * np.pi * (end_hz * time + glide))


def metal(
    rng: np.random.Generator,
    time: Samples,
    fundamentals_hz: Sequence[float],
    *,
    low_hz: float,
    high_hz: float,
) -> Samples:
    """Square waves of unrelated pitch behind a band-pass, with a power of about one.

    Built from single harmonics, each weighted by the filter, so nothing is aliased.

    Args:
        rng: Gives each harmonic its phase.
        time: Time axis, seconds.
        fundamentals_hz: Pitches of the square waves.
        low_hz: Lower edge of the band, half power.
        high_hz: Upper edge; harmonics above it are left out, so keep it below Nyquist.
    """
    total = np.zeros_like(time)
    power = 0.0
    for fundamental in fundamentals_hz:
        # An octave below the edge the filter leaves -24 dB: nothing to hear, nothing to add.
        lowest = max(1, int(low_hz / 2.0 / fundamental)) | 1
        order = np.arange(lowest, int(high_hz / fundamental) + 1, 2, dtype=np.float64)
        weight = band_gain(order * fundamental, low_hz, high_hz) / order
        for n, w, phase in zip(order, weight, rng.random(len(order)), strict=True):
            total += w * np.sin(2.0 * np.pi * (n * fundamental * time + phase))
        power += float(np.sum(weight * weight)) / 2.0
    return total / np.sqrt(power) if power else total


def band_noise(
    rng: np.random.Generator, n_samples: int, sample_rate: int, *, low_hz: float, high_hz: float
) -> Samples:
    """White noise behind a band-pass, with a power of one over the whole band.

    ``high_hz`` may lie above Nyquist: the band then simply ends there.
    """
    spectrum = np.fft.rfft(rng.standard_normal(n_samples))
    frequency = np.fft.rfftfreq(n_samples, 1.0 / sample_rate).astype(np.float64)
    gain = band_gain(frequency, low_hz, high_hz)
    noise: Samples = np.fft.irfft(spectrum * gain, n_samples)
    power = float(np.mean(noise * noise))
    return noise / np.sqrt(power) if power else noise


def band_gain(frequency_hz: Samples, low_hz: float, high_hz: float) -> Samples:
    """Magnitude of a fourth-order Butterworth band: 24 dB an octave outside of the edges."""
    below = low_hz / np.maximum(frequency_hz, 1e-3)
    above = frequency_hz / high_hz
    gain: Samples = 1.0 / np.sqrt((1.0 + below**8) * (1.0 + above**8))
    return gain
