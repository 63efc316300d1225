"""Phase that begins as that of a guide."""

from __future__ import annotations

import math

import pytest
import torch

from soundgan.audio.stft import STFTSettings, stft
from soundgan.inversion.following import Following

SETTINGS = STFTSettings(256, 64, 256)
N_SAMPLES = 2048


def tone(pitch: float) -> torch.Tensor:
    """A decaying tone [1, N]."""
    at = torch.arange(N_SAMPLES)
    return (torch.sin(2 * math.pi * pitch * at) * torch.exp(-at / 500))[None]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_what_has_the_phase_of_its_guide_is_found_with_its_polarity(sign: float) -> None:
    wanted = tone(0.05)
    spectrum = stft(wanted, SETTINGS)
    made = Following(sign * spectrum)(
        0.25 * spectrum.abs(), SETTINGS, n_samples=N_SAMPLES, seeds=[0]
    )
    torch.testing.assert_close(made, sign * 0.25 * wanted, rtol=0, atol=2e-3)


def test_a_silent_guide_leaves_the_phase_to_integration() -> None:
    magnitude = stft(tone(0.05), SETTINGS).abs()
    silent = torch.zeros_like(magnitude, dtype=torch.complex64)
    made = Following(silent)(magnitude, SETTINGS, n_samples=N_SAMPLES, seeds=[0])
    energy = made.square().sum() / tone(0.05).square().sum()
    assert float(energy) == pytest.approx(1.0, abs=0.1)
