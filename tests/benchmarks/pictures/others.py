"""What people do otherwise with a picture of a spectrogram, told where its data lies."""

from __future__ import annotations

from collections.abc import Callable

import librosa
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from soundgan.pictures.axis import height_of, hz_of
from tests.benchmarks.pictures.drawn import Drawn
from tests.benchmarks.pictures.signals import RATE, Samples

_ROUNDS = 32


def _grey(rgb: NDArray[np.uint8], truth: Drawn, *, channel: int | None = None) -> Samples:
    """The data [F, T] in [0, 1], row 0 the lowest frequency; dark or light as it was."""
    part = truth.box.of(rgb)
    if truth.turned.get("time") == "down":
        part = part.transpose(1, 0, 2)[::-1]
    values = part[:, :, channel] if channel is not None else part @ [0.299, 0.587, 0.114]
    grey = np.asarray(values / 255.0, np.float32)[::-1]
    return 1.0 - grey if float(np.median(grey)) > 0.5 else grey


def _resized(grey: Samples, rows: int, columns: int) -> Samples:
    picture = Image.fromarray(grey).resize((columns, rows), Image.Resampling.BILINEAR)
    return np.asarray(picture, np.float32)


def riffusion(rgb: NDArray[np.uint8], truth: Drawn) -> Samples:
    """One channel as a power of 0.25 of mel bands, undone by least squares and Griffin-Lim."""
    hop = 221
    columns = max(8, round(truth.seconds * RATE / hop))
    bands = 256
    mel = _resized(_grey(rgb, truth, channel=0), bands, columns) ** 4.0
    top = min(truth.f_max, RATE / 2)
    magnitude = librosa.feature.inverse.mel_to_stft(
        mel, sr=RATE, n_fft=2048, power=1.0, fmin=0.0, fmax=top, htk=True, norm=None
    )
    return np.asarray(
        librosa.griffinlim(magnitude, n_iter=_ROUNDS, hop_length=hop, random_state=0), np.float32
    )


def additive(rgb: NDArray[np.uint8], truth: Drawn) -> Samples:
    """A sine for every row, as loud as its grey: the way of image synthesisers."""
    rows = 256
    n = round(truth.seconds * RATE)
    grey = _grey(rgb, truth)
    grey = _resized(grey, rows, grey.shape[1])
    low = max(truth.f_min, 20.0) if truth.axis == "log" else max(0.0, truth.f_min)
    ends = height_of(np.array([low, truth.f_max]), truth.axis)
    heights = ends[0] + (ends[1] - ends[0]) * (np.arange(rows) + 0.5) / rows
    time = np.arange(n) / RATE
    places = (np.arange(grey.shape[1]) + 0.5) / grey.shape[1] * truth.seconds
    phases = np.random.default_rng(0).uniform(0, 2 * np.pi, rows)
    total = np.zeros(n)
    for row, hertz in enumerate(hz_of(heights, truth.axis)):
        if hertz < RATE / 2:
            gain = np.interp(time, places, grey[row] ** 2)
            total += gain * np.sin(2 * np.pi * hertz * time + phases[row])
    return total.astype(np.float32)


def grey_griffin_lim(rgb: NDArray[np.uint8], truth: Drawn) -> Samples:
    """Grey as magnitude on an axis from 0 Hz to half the rate, by ``librosa.griffinlim``."""
    hop = 256
    columns = max(8, round(truth.seconds * RATE / hop))
    top = round(1025 * min(1.0, truth.f_max / (RATE / 2)))
    magnitude = np.zeros((1025, columns), np.float32)
    magnitude[:top] = _resized(_grey(rgb, truth), top, columns)
    return np.asarray(
        librosa.griffinlim(magnitude, n_iter=_ROUNDS, hop_length=hop, random_state=0), np.float32
    )


WAYS: dict[str, Callable[[NDArray[np.uint8], Drawn], Samples]] = {
    "riffusion's way": riffusion,
    "a sine a row": additive,
    "Griffin-Lim on grey": grey_griffin_lim,
}
