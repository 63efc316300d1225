"""What can be wrong with generated sounds, done to real ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Clips = NDArray[np.float64]
"""[n, N]"""

Fault = Callable[[Clips, int], Clips]
"""Spoils clips of a sample rate in Hz."""


def slower(ms: float) -> Fault:
    """Attacks that rise evenly within so many milliseconds from the onset on."""

    def spoil(clips: Clips, rate: int) -> Clips:
        spoilt, n = clips.copy(), round(ms * rate / 1000)
        for clip, start in zip(spoilt, _onsets(clips), strict=True):
            clip[:start] = 0.0
            part = clip[start : start + n]
            part *= np.linspace(0.0, 1.0, n)[: len(part)]
        return spoilt

    return spoil


def smeared(ms: float) -> Fault:
    """Envelopes blurred both ways, as by the frames of a spectrogram that are too long."""

    def spoil(clips: Clips, rate: int) -> Clips:
        fine, wide = np.ones(max(3, rate // 2000)), np.hanning(max(5, round(ms * rate / 1000)))
        envelope = _blurred(clips**2, fine).clip(1e-12) ** 0.5
        spoilt: Clips = clips / envelope * _blurred(envelope, wide)
        return spoilt

    return spoil


def low_passed(hertz: float) -> Fault:
    """Nothing above a frequency."""

    def spoil(clips: Clips, rate: int) -> Clips:
        sections = signal.butter(8, hertz, fs=rate, output="sos")
        found: Clips = signal.sosfiltfilt(sections, clips, axis=1)
        return found

    return spoil


def clicking(clips: Clips, rate: int) -> Clips:
    """A click of a quarter of the peak where the sound ends."""
    spoilt = clips.copy()
    for clip, end in zip(spoilt, _ends(clips), strict=True):
        clip[end - 4 : end] += 0.25 * np.abs(clip).max()
    return spoilt


def reverberant(clips: Clips, rate: int) -> Clips:
    """A room of half a second."""
    n = rate // 2
    echo = np.random.default_rng(1).standard_normal(n) * 10 ** (-3 * np.arange(n) / n)
    response = 0.3 * echo / np.linalg.norm(echo)
    response[0] = 1.0
    found: Clips = signal.fftconvolve(clips, response[None], axes=1)[:, : clips.shape[1]]
    return found


def cut_early(clips: Clips, rate: int) -> Clips:
    """A fifth of each sound missing at its end, faded within 5 ms."""
    spoilt, fade = clips.copy(), rate // 200
    for clip, start, end in zip(spoilt, _onsets(clips), _ends(clips), strict=True):
        last = round(end - 0.2 * (end - start))
        clip[last:] = 0.0
        part = clip[max(0, last - fade) : last]
        part *= np.linspace(1.0, 0.0, len(part))
    return spoilt


def blocked(clips: Clips, rate: int) -> Clips:
    """Levels of a spectrogram raised and lowered in blocks of four by four pixels."""
    size, hop = 1024, 256
    ripple = 3.0 * np.cos(np.pi * np.arange(size) / 2)
    shape = signal.ShortTimeFFT(signal.windows.hann(size, sym=False), hop, rate)
    spoilt = []
    for clip in clips:
        image = shape.stft(clip)
        db = ripple[: image.shape[0], None] + ripple[None, : image.shape[1]]
        spoilt.append(shape.istft(image * 10 ** (db / 20), k1=len(clip)))
    return np.array(spoilt)


FAULTS: dict[str, Fault] = {
    "attacks slower by 3 ms": slower(3.0),
    "attacks slower by 10 ms": slower(10.0),
    "attacks slower by 30 ms": slower(30.0),
    "attacks smeared by 3 ms": smeared(3.0),
    "attacks smeared by 10 ms": smeared(10.0),
    "attacks smeared by 30 ms": smeared(30.0),
    "low-passed at 12 kHz": low_passed(12_000.0),
    "low-passed at 8 kHz": low_passed(8000.0),
    "a click at the end": clicking,
    "reverb": reverberant,
    "tails cut 20 % early": cut_early,
    "blocks of 4×4 pixels": blocked,
}


def at_peak(clips: Clips) -> NDArray[np.int16]:
    """As prepared clips: 16 bits, peak -1 dBFS."""
    peak = np.abs(clips).max(axis=-1, keepdims=True).clip(1e-9)
    return np.rint(29_204 * clips / peak).astype(np.int16)


def _onsets(clips: Clips) -> list[int]:
    level = np.abs(clips)
    found: list[int] = (level >= 0.1 * level.max(axis=1, keepdims=True)).argmax(axis=1).tolist()
    return found


def _ends(clips: Clips) -> list[int]:
    level = np.abs(clips)
    heard = level >= 0.01 * level.max(axis=1, keepdims=True)
    ends: list[int] = (clips.shape[1] - heard[:, ::-1].argmax(axis=1)).tolist()
    return ends


def _blurred(clips: Clips, window: NDArray[np.float64]) -> Clips:
    found: Clips = signal.fftconvolve(clips, window[None] / window.sum(), mode="same", axes=1)
    return found.clip(0.0)
