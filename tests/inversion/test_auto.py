"""What is chosen is the measured choice, and nothing but the number of rounds."""

from __future__ import annotations

import pytest
import torch

from soundgan.audio.mel import Bands
from soundgan.audio.stft import STFTSettings
from soundgan.inversion.auto import Automatic, AutomaticOptions
from soundgan.inversion.pghi_griffin_lim import PGHIGriffinLim, PGHIGriffinLimOptions

CHOICES = [
    (STFTSettings(64, 32, 64), False, 64),
    (STFTSettings(64, 16, 64), False, 40),
    (STFTSettings(64, 8, 64), False, 38),
    (STFTSettings(64, 16, 64), True, 24),
    (STFTSettings(1024, 256, 1024), True, 40),
]


def inverted(method: Automatic | PGHIGriffinLim, stft: STFTSettings, bands: bool) -> torch.Tensor:
    noise = torch.rand(2, stft.n_bins, 12, generator=torch.Generator().manual_seed(0))
    weights = torch.eye(stft.n_bins)
    known = Bands(weights, noise) if bands else None
    return method(noise, stft, n_samples=12 * stft.hop_length, seeds=[3, 4], bands=known)


@pytest.mark.parametrize(("stft", "bands", "rounds"), CHOICES)
def test_redundancy_and_bands_decide_how_many_rounds(
    stft: STFTSettings, bands: bool, rounds: int
) -> None:
    chosen = inverted(Automatic(AutomaticOptions()), stft, bands)
    asked = inverted(PGHIGriffinLim(PGHIGriffinLimOptions(iterations=rounds)), stft, bands)
    fewer = inverted(PGHIGriffinLim(PGHIGriffinLimOptions(iterations=rounds - 8)), stft, bands)
    assert torch.equal(chosen, asked)
    assert not torch.equal(chosen, fewer)


def test_rounds_that_are_asked_for_are_made() -> None:
    stft = STFTSettings(64, 16, 64)
    chosen = inverted(Automatic(AutomaticOptions(iterations=3)), stft, bands=False)
    asked = inverted(PGHIGriffinLim(PGHIGriffinLimOptions(iterations=3)), stft, bands=False)
    assert torch.equal(chosen, asked)
