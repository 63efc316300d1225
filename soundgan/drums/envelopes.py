"""How a drum speaks and dies away: decays, attacks, bursts, saturation and the final fade.

A decay is given by its T60, the seconds it takes to fall by 60 dB.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from soundgan.drums.oscillators import Samples


def decay(time: Samples, t60: float) -> Samples:
    """One at time zero, falling exponentially by 60 dB every ``t60`` seconds; silent before."""
    envelope: Samples = np.where(time < 0.0, 0.0, 10.0 ** (-3.0 * np.maximum(time, 0.0) / t60))
    return envelope


def attack(time: Samples, seconds: float) -> Samples:
    """A smooth rise from zero to one within the first ``seconds``."""
    rise = np.clip(time / seconds, 0.0, 1.0)
    envelope: Samples = rise * rise * (3.0 - 2.0 * rise)
    return envelope


def bursts(time: Samples, starts: Sequence[float], t60: float) -> Samples:
    """Several decays of the same length one after the other, the louder one counting."""
    loudest: Samples = np.max([decay(time - start, t60) for start in starts], axis=0)
    return loudest


def saturate(waveform: Samples, drive: float) -> Samples:
    """Round off the peaks as tape and valves do; ``drive`` near zero changes nothing."""
    bent: Samples = np.tanh(drive * waveform) / np.tanh(drive)
    return bent


def fade_out(waveform: Samples, n_samples: int) -> Samples:
    """The waveform with its last samples led to exactly zero along a half cosine."""
    n_samples = min(n_samples, len(waveform))
    faded = waveform.copy()
    faded[len(waveform) - n_samples :] *= 0.5 * (1.0 + np.cos(np.linspace(0.0, np.pi, n_samples)))
    return faded
