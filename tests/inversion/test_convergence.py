"""How close each inversion comes to spectra that have a sound, as measured, with a margin."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from torch import Tensor

from soundgan.audio.metrics import spectral_convergence_db
from soundgan.audio.stft import STFTSettings, stft
from soundgan.drums.voices import VOICES
from soundgan.inversion import INVERSIONS
from tests.families import make

RATE, N = 8000, 5600
FOUR = STFTSettings(256, 64, 256)
EIGHT = STFTSettings(512, 64, 512)
EIGHT_GAUSS = STFTSettings(512, 64, 512, "gauss")


def fitted(waveform: np.ndarray) -> np.ndarray:
    waveform = waveform[:N] / np.abs(waveform).max()
    return np.pad(waveform, (0, N - len(waveform))).astype(np.float32)


@pytest.fixture(scope="module")
def drums() -> Tensor:
    hits = [VOICES[name](np.random.default_rng(4), RATE) for name in sorted(VOICES)]
    return torch.from_numpy(np.stack([fitted(hit) for hit in hits]))


@pytest.fixture(scope="module")
def digits(fsdd: Path) -> Tensor:
    files = sorted(fsdd.rglob("*_[5-9].wav"))[::25]
    return torch.from_numpy(np.stack([fitted(soundfile.read(path)[0]) for path in files]))


def median_db(name: str, waveform: Tensor, settings: STFTSettings, **options: object) -> float:
    magnitude = stft(waveform, settings).abs()
    part = make(INVERSIONS, name, options=options)
    rebuilt = part(magnitude, settings, n_samples=N, seeds=range(len(waveform)))
    return float(spectral_convergence_db(magnitude, stft(rebuilt, settings).abs()).median())


@pytest.mark.parametrize(
    ("name", "settings", "at_most"),
    [
        ("pghi", FOUR, -22.0),
        ("pghi", EIGHT, -26.0),
        ("pghi", EIGHT_GAUSS, -29.5),
        ("pghi_griffin_lim", FOUR, -29.5),
        ("pghi_griffin_lim", EIGHT, -35.5),
        ("pghi_griffin_lim", EIGHT_GAUSS, -38.5),
        ("admm", FOUR, -30.0),
        ("admm", EIGHT, -38.5),
        ("admm", EIGHT_GAUSS, -43.0),
    ],
)
def test_digits_come_this_close(
    name: str, settings: STFTSettings, at_most: float, digits: Tensor
) -> None:
    assert median_db(name, digits, settings) < at_most


@pytest.mark.parametrize(
    ("name", "settings", "at_most"),
    [
        ("pghi", FOUR, -13.0),
        ("pghi", EIGHT_GAUSS, -17.0),
        ("pghi_griffin_lim", FOUR, -23.0),
        ("pghi_griffin_lim", EIGHT_GAUSS, -32.0),
        ("admm", FOUR, -31.5),
        ("admm", EIGHT_GAUSS, -38.0),
    ],
)
def test_drums_come_this_close(
    name: str, settings: STFTSettings, at_most: float, drums: Tensor
) -> None:
    assert median_db(name, drums, settings) < at_most


def test_a_good_start_is_worth_a_hundred_rounds(drums: Tensor) -> None:
    started = median_db("pghi_griffin_lim", drums, EIGHT, iterations=32)
    unstarted = median_db("griffin_lim", drums, EIGHT, iterations=32)
    assert started < unstarted - 4
    assert started < median_db("griffin_lim", drums, EIGHT, iterations=100)
