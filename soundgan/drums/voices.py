"""The five instruments: each draws its own tuning, decay and brightness, then sounds once.

A voice takes a random stream and a sample rate and returns samples [N] at any level. The ranges
below are those of acoustic kits and of the drum machines modelled on them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from soundgan.drums.envelopes import attack, bursts, decay, fade_out, saturate
from soundgan.drums.oscillators import Samples, band_noise, falling_sine, metal, time_axis

Voice = Callable[[np.random.Generator, int], Samples]

SHORTEST_SECONDS = 0.15
LONGEST_SECONDS = 0.98

# Modes of an ideal round membrane relative to its lowest: zeros of Bessel functions,
# j_mn / j_01 (Fletcher and Rossing, "The Physics of Musical Instruments", chapter 3).
MEMBRANE_MODES = (1.0, 1.593, 2.136, 2.296, 2.653)

# Six square oscillators of no common pitch make the cymbals of the Roland TR-808.
CYMBAL_HZ = (205.3, 304.4, 369.6, 522.7, 540.0, 800.0)


def kick(rng: np.random.Generator, sample_rate: int) -> Samples:
    """A sine that falls from the beater's blow to the drum's pitch, with a short click."""
    t60 = log_uniform(rng, 0.25, 0.85)
    time = _axis(t60, sample_rate)
    pitch = log_uniform(rng, 42.0, 62.0)
    body = falling_sine(
        time,
        start_hz=pitch * rng.uniform(3.0, 6.5),
        end_hz=pitch,
        fall_seconds=log_uniform(rng, 0.006, 0.018),
    )
    body = saturate(body * decay(time, t60), rng.uniform(0.4, 2.2))
    click = band_noise(
        rng, len(time), sample_rate, low_hz=rng.uniform(900.0, 2500.0), high_hz=6500.0
    )
    click *= decay(time, rng.uniform(0.008, 0.022)) * rng.uniform(0.03, 0.25)
    return _finish(body + click, time, rise=0.0008)


def snare(rng: np.random.Generator, sample_rate: int) -> Samples:
    """Two modes of the head, and the wires under it as a band of noise."""
    wires_t60 = log_uniform(rng, 0.20, 0.55)
    time = _axis(wires_t60, sample_rate)
    pitch = log_uniform(rng, 150.0, 235.0)
    body = np.zeros_like(time)
    for ratio, level in ((1.0, 1.0), (rng.uniform(1.5, 1.85), rng.uniform(0.35, 0.8))):
        hz = pitch * ratio
        mode = falling_sine(
            time, start_hz=hz * rng.uniform(1.15, 1.5), end_hz=hz, fall_seconds=0.012
        )
        body += level * mode * decay(time, log_uniform(rng, 0.12, 0.30) / ratio)
    wires = band_noise(
        rng,
        len(time),
        sample_rate,
        low_hz=log_uniform(rng, 500.0, 1800.0),
        high_hz=rng.uniform(6000.0, 10000.0),
    )
    wires *= decay(time, wires_t60) * attack(time, 0.002) * rng.uniform(0.22, 0.5)
    crack = band_noise(rng, len(time), sample_rate, low_hz=400.0, high_hz=9000.0)
    crack *= decay(time, rng.uniform(0.012, 0.03)) * rng.uniform(0.1, 0.4)
    return _finish(body * rng.uniform(0.5, 1.0) + wires + crack, time, rise=0.0008)


def hat(rng: np.random.Generator, sample_rate: int) -> Samples:
    """Metal partials and hiss above some kilohertz; two in five are open and ring on."""
    is_open = rng.random() < 0.4
    t60 = log_uniform(rng, 0.45, 1.1) if is_open else log_uniform(rng, 0.05, 0.18)
    time = _axis(t60, sample_rate)
    low_hz = rng.uniform(4500.0, 6300.0)
    high_hz = min(rng.uniform(10000.0, 14000.0), 0.48 * sample_rate)
    size = rng.uniform(0.85, 1.3)
    fundamentals = [hz * size * rng.uniform(0.94, 1.06) for hz in CYMBAL_HZ]
    ring = metal(rng, time, fundamentals, low_hz=low_hz, high_hz=high_hz)
    hiss = band_noise(rng, len(time), sample_rate, low_hz=low_hz, high_hz=high_hz)
    share = rng.uniform(0.35, 0.8)
    # The stick's blow fades faster than the plate rings.
    level = 0.75 * decay(time, t60) + 0.45 * decay(time, min(0.06, t60))
    return _finish((share * ring + (1.0 - share) * hiss) * level, time, rise=0.001)


def tom(rng: np.random.Generator, sample_rate: int) -> Samples:
    """A membrane: its lowest modes, all falling in pitch a little, the upper ones dying first."""
    t60 = log_uniform(rng, 0.40, 1.0)
    time = _axis(t60, sample_rate)
    pitch = log_uniform(rng, 95.0, 220.0)
    bend = rng.uniform(1.2, 1.6)
    fall = rng.uniform(0.02, 0.07)
    brightness = rng.uniform(0.15, 0.6)
    total = np.zeros_like(time)
    for order, ratio in enumerate(MEMBRANE_MODES):
        hz = pitch * ratio * rng.uniform(0.985, 1.015)
        mode = falling_sine(time, start_hz=hz * bend, end_hz=hz, fall_seconds=fall)
        level = 1.0 if order == 0 else brightness * rng.uniform(0.4, 1.0) / order
        total += level * mode * decay(time, t60 / ratio)
    stick = band_noise(
        rng, len(time), sample_rate, low_hz=rng.uniform(600.0, 1500.0), high_hz=5000.0
    )
    stick *= decay(time, rng.uniform(0.012, 0.035)) * rng.uniform(0.03, 0.16)
    return _finish(total + stick, time, rise=0.0015)


def clap(rng: np.random.Generator, sample_rate: int) -> Samples:
    """Three or four hands that do not quite agree, and the room that answers them."""
    tail_t60 = log_uniform(rng, 0.16, 0.5)
    time = _axis(tail_t60 + 0.04, sample_rate)
    gaps = rng.uniform(0.008, 0.013, size=int(rng.integers(2, 4)))
    starts = np.concatenate([[0.0], np.cumsum(gaps)])
    centre = log_uniform(rng, 950.0, 1700.0)
    hands = band_noise(rng, len(time), sample_rate, low_hz=0.7 * centre, high_hz=2.0 * centre)
    hands *= bursts(time, starts.tolist(), rng.uniform(0.02, 0.035))
    room = band_noise(rng, len(time), sample_rate, low_hz=0.6 * centre, high_hz=1.6 * centre)
    room *= decay(time - starts[-1], tail_t60) * rng.uniform(0.35, 0.7)
    air = band_noise(rng, len(time), sample_rate, low_hz=3000.0, high_hz=9000.0)
    air *= bursts(time, starts.tolist(), 0.015) * rng.uniform(0.05, 0.3)
    return _finish(hands + room + air, time, rise=0.0008)


VOICES: dict[str, Voice] = {"kick": kick, "snare": snare, "hat": hat, "tom": tom, "clap": clap}
"""Every instrument by its name, which is also the name of its class and folder."""


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """A number between the two whose logarithm is uniform: right for pitches and decays."""
    return float(low * (high / low) ** rng.random())


def _axis(t60: float, sample_rate: int) -> Samples:
    """Time for a sound to die away, within what a sample library would keep."""
    return time_axis(min(max(t60, SHORTEST_SECONDS), LONGEST_SECONDS), sample_rate)


def _finish(waveform: Samples, time: Samples, *, rise: float) -> Samples:
    """Take the edge off the first sample and lead the last ones to silence."""
    return fade_out(waveform * attack(time, rise), n_samples=len(time) // 12)
