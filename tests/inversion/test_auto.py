"""What is chosen is the measured choice, and nothing but the number of rounds."""

from __future__ import annotations

import pytest
import torch

from soundgan.audio.mel import Bands
from soundgan.audio.stft import STFTSettings
from soundgan.errors import AudioError
from soundgan.inversion.auto import Automatic, AutomaticOptions, sounding_frames
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


STFT = STFTSettings(64, 16, 64)
FRAMES, SOUNDING = 80, (12, 33, 80)


def ending() -> torch.Tensor:
    """Magnitudes [3, n_bins, FRAMES] of noise that ends after so many frames."""
    noise = torch.rand(3, STFT.n_bins, FRAMES, generator=torch.Generator().manual_seed(0))
    for item, sounding in zip(noise, SOUNDING, strict=True):
        item[:, sounding:] = 1e-6
    return noise


def test_silence_at_the_end_is_exact_and_the_rest_is_as_if_it_had_never_been_there() -> None:
    method = Automatic(AutomaticOptions(silent_db=-100.0))
    seeds, n_samples = [3, 4, 5], FRAMES * STFT.hop_length
    found = method(ending(), STFT, n_samples=n_samples, seeds=seeds)
    kept = sounding_frames(ending(), STFT, -100.0).tolist()
    assert kept == [20, 40, 80]
    for row, (frames, seed) in enumerate(zip(kept, seeds, strict=True)):
        alone = Automatic(AutomaticOptions())(
            ending()[row : row + 1, :, :frames],
            STFT,
            n_samples=frames * STFT.hop_length,
            seeds=[seed],
        )
        assert torch.equal(found[row, : frames * STFT.hop_length], alone[0])
        assert not found[row, frames * STFT.hop_length :].any()
    beyond = [
        waveform[(sounding + 4) * 16 :] for waveform, sounding in zip(found, SOUNDING, strict=True)
    ]
    assert max(rest.abs().max().item() for rest in beyond if len(rest)) < 1e-3


def test_a_sound_that_ends_with_the_clip_is_made_as_ever() -> None:
    magnitude = ending()[2:]
    n_samples = FRAMES * STFT.hop_length - 5
    made = [
        Automatic(AutomaticOptions(silent_db=silent_db))(
            magnitude, STFT, n_samples=n_samples, seeds=[5]
        )
        for silent_db in (None, -100.0)
    ]
    assert torch.equal(*made)


def test_what_is_silence_follows_from_the_loudest_bin() -> None:
    kept = [sounding_frames(ending(), STFT, limit).tolist() for limit in (-110.0, -130.0)]
    assert kept == [[20, 40, 80], [80, 80, 80]]
    assert sounding_frames(torch.zeros(1, STFT.n_bins, FRAMES), STFT, -100.0).tolist() == [10]


def test_waveforms_of_silence_alone_are_silent() -> None:
    method = Automatic(AutomaticOptions(silent_db=-100.0))
    found = method(torch.zeros(1, STFT.n_bins, 3), STFT, n_samples=40, seeds=[1])
    assert torch.equal(found, torch.zeros(1, 40))


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -1.0])
def test_what_is_broken_is_refused_also_where_silence_would_be_left_out(wrong: float) -> None:
    magnitude = ending()[:1]
    magnitude[0, 3, -1] = wrong
    method = Automatic(AutomaticOptions(silent_db=-100.0))
    with pytest.raises(AudioError, match="magnitude"):
        method(magnitude, STFT, n_samples=FRAMES * STFT.hop_length, seeds=[1])
