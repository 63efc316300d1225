"""Sounds of which pitch and onsets are known, to be drawn by other tools."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from soundgan.drums.kit import play

Samples = NDArray[np.float32]

RATE = 22050
SECONDS = 2.0


@dataclass(frozen=True, eq=False)
class Signal:
    """A sound of known truth.

    Attributes:
        name: Of its kind.
        samples: Mono [N], at most 0.5.
        pitched: Whether a single pitch can be followed.
        onsets: Seconds at which something begins; empty where nothing does.
    """

    name: str
    samples: Samples
    pitched: bool
    onsets: tuple[float, ...]


def _axis() -> NDArray[np.float64]:
    return np.arange(int(SECONDS * RATE)) / RATE


def _finished(
    name: str,
    samples: NDArray[np.floating],
    *,
    pitched: bool = False,
    onsets: Sequence[float] = (),
) -> Signal:
    """A signal over noise that nobody hears, so that no tool draws exact zeros."""
    noise = np.random.default_rng(0).normal(size=len(samples)) * 3e-5
    loud = 0.5 * samples / np.abs(samples).max() + noise
    return Signal(name, loud.astype(np.float32), pitched, tuple(onsets))


def _faded(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    n = RATE // 50
    window = np.ones(len(samples))
    window[:n] = np.linspace(0, 1, n)
    window[-n:] = np.linspace(1, 0, n)
    return samples * window


def log_chirp() -> Signal:
    """Three octaves and a half up, evenly in pitch."""
    low, ratio = 350.0, 4000.0 / 350.0
    growth = np.log(ratio) / SECONDS
    phase = 2 * np.pi * low * (np.exp(growth * _axis()) - 1.0) / growth
    return _finished("log chirp", _faded(np.sin(phase)), pitched=True)


def linear_chirp() -> Signal:
    """Evenly in Hz."""
    low, high = 500.0, 4000.0
    time = _axis()
    phase = 2 * np.pi * (low * time + (high - low) * time**2 / (2 * SECONDS))
    return _finished("linear chirp", _faded(np.sin(phase)), pitched=True)


def melody() -> Signal:
    """Seven notes of a plucked sound, four harmonics each."""
    time = _axis()
    total = np.zeros(len(time))
    onsets = 0.1 + 0.26 * np.arange(7)
    for start, semitones in zip(onsets, (0, 4, 7, 12, 9, 5, 2), strict=True):
        hz = 523.25 * 2.0 ** (semitones / 12)
        since = time - start
        shape = np.where(since < 0, 0.0, np.exp(-since.clip(0.0) / 0.09))
        shape *= (since.clip(0.0) / 0.004).clip(0.0, 1.0)
        for harmonic in range(1, 5):
            total += shape * np.sin(2 * np.pi * harmonic * hz * since) / harmonic**2
    return _finished("melody", total, pitched=True, onsets=onsets.tolist())


def clicks() -> Signal:
    """Clicks at uneven distances."""
    onsets = (0.15, 0.42, 0.8, 1.05, 1.37, 1.81)
    total = np.zeros(int(SECONDS * RATE))
    for onset in onsets:
        start = int(onset * RATE)
        n = RATE // 100
        noise = np.random.default_rng(start).normal(size=n)
        total[start : start + n] += noise * np.exp(-np.arange(n) / (0.002 * RATE))
    return _finished("clicks", total, onsets=onsets)


def drums() -> Signal:
    """Six hits of the program's own synthesiser."""
    onsets = (0.1, 0.4, 0.7, 1.0, 1.3, 1.6)
    total = np.zeros(int(SECONDS * RATE) + RATE)
    for onset, voice in zip(onsets, ("kick", "hat", "snare", "kick", "clap", "tom"), strict=True):
        hit = play(voice, 1, seed=1)
        samples = soxr.resample(hit.waveform, hit.recording.sample_rate, RATE)
        loud = np.flatnonzero(np.abs(samples) > 0.05 * np.abs(samples).max())[0]
        samples = samples[max(0, loud - 20) :][: RATE * 3 // 10]
        samples = samples * np.exp(-np.arange(len(samples)) / (0.08 * RATE))
        start = int(onset * RATE)
        total[start : start + len(samples)] += samples / np.abs(samples).max()
    return _finished("drums", total[: int(SECONDS * RATE)], onsets=onsets)


def digits() -> Signal | None:
    """Three spoken digits one after the other; none where there are no recordings."""
    folder = os.environ.get("SOUNDGAN_FSDD")
    if not folder:
        return None
    total = np.zeros(int(SECONDS * RATE))
    for i, digit in enumerate((3, 7, 8)):
        path = next(iter(sorted(Path(folder).rglob(f"{digit}_jackson_5.wav"))), None)
        if path is None:
            return None
        samples, rate = soundfile.read(path, dtype="float32")
        spoken = soxr.resample(samples, rate, RATE)[: int(0.6 * RATE)]
        start = int((0.05 + 0.65 * i) * RATE)
        total[start : start + len(spoken)] += spoken
    return _finished("digits", total)


MAKERS: tuple[Callable[[], Signal | None], ...] = (
    log_chirp,
    linear_chirp,
    melody,
    clicks,
    drums,
    digits,
)


def signals() -> list[Signal]:
    """All that can be made here."""
    return [signal for make in MAKERS if (signal := make()) is not None]
