"""Inversion that keeps to mel bands instead of to the magnitudes guessed from them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from soundgan.audio.mel import Bands, MelSettings, filterbank, invert_mel
from soundgan.audio.metrics import waveform_convergence_db
from soundgan.audio.stft import STFTSettings, stft
from soundgan.drums.voices import VOICES
from soundgan.errors import AudioError
from soundgan.inversion import INVERSIONS
from tests.families import make
from tests.transforms import log_spectral_distance_db

RATE, N = 8000, 4096
SETTINGS = STFTSettings(512, 128, 512)
WEIGHTS = filterbank(MelSettings(RATE, SETTINGS.n_fft, 64, 0.0, RATE / 2))
every = pytest.mark.parametrize("name", INVERSIONS.names())


def invert(name: str, magnitude: Tensor, bands: Bands | None, first_seed: int = 0) -> Tensor:
    seeds = range(first_seed, first_seed + len(magnitude))
    part = make(INVERSIONS, name)
    return part(magnitude, SETTINGS, n_samples=N, seeds=seeds, bands=bands)


@pytest.fixture(scope="module")
def drums() -> Tensor:
    hits = [VOICES[name](np.random.default_rng(6), RATE)[:N] for name in sorted(VOICES)]
    padded = [np.pad(hit / np.abs(hit).max(), (0, N - len(hit))) for hit in hits]
    return torch.from_numpy(np.stack(padded).astype(np.float32))


@pytest.fixture(scope="module")
def bands(drums: Tensor) -> Bands:
    return Bands(WEIGHTS, WEIGHTS @ stft(drums, SETTINGS).abs())


def test_bands_that_are_known_come_closer_than_a_guess_of_the_bins(
    drums: Tensor, bands: Bands
) -> None:
    guess = invert_mel(bands.magnitude, WEIGHTS)
    distance, convergence = {}, {}
    for label, known in (("guess", None), ("bands", bands)):
        rebuilt = invert("pghi_griffin_lim", guess, known)
        again = WEIGHTS @ stft(rebuilt, SETTINGS).abs()
        distance[label] = float(log_spectral_distance_db(bands.magnitude, again).median())
        convergence[label] = float(waveform_convergence_db(drums, rebuilt).median())
    assert distance["bands"] < 0.75 * distance["guess"]
    assert convergence["bands"] < convergence["guess"] + 0.5


def test_with_a_band_for_each_bin_the_magnitude_is_what_the_bands_say(drums: Tensor) -> None:
    magnitude = stft(drums[:2], SETTINGS).abs()
    each = Bands(torch.eye(SETTINGS.n_bins), magnitude)
    wrong = magnitude.mean(dim=1, keepdim=True).expand_as(magnitude)
    from_bands = invert("pghi_griffin_lim", magnitude, each)
    from_magnitude = invert("pghi_griffin_lim", magnitude, None)
    distances = [
        float(log_spectral_distance_db(magnitude, stft(w, SETTINGS).abs()).mean())
        for w in (from_bands, from_magnitude, invert("pghi_griffin_lim", wrong, None))
    ]
    assert distances[0] == pytest.approx(distances[1], abs=0.3)
    assert distances[0] < distances[2] / 2


@pytest.mark.parametrize("lowest_hz", [0.0, 1000.0])
def test_noise_comes_out_as_loud_as_it_was(lowest_hz: float) -> None:
    """Bands hardly show what lies beyond their outermost centres, where rounds liked to hum."""
    rate, n_samples = 44_100, 28_672
    analysis = STFTSettings(3600, 896, 3584)
    weights = filterbank(MelSettings(rate, analysis.n_fft, 128, lowest_hz, rate / 2))
    noise = torch.randn(4, n_samples, generator=torch.Generator().manual_seed(0))
    hats = noise * torch.exp(
        -torch.arange(n_samples) / torch.tensor([[600], [900], [2000], [9000]])
    )
    spectrum = stft(hats, analysis).abs()
    spectrum *= weights.sum(dim=0)[:, None] > 0
    bands = Bands(weights, weights @ spectrum)
    rebuilt = make(INVERSIONS, "auto")(
        invert_mel(bands.magnitude, weights),
        analysis,
        n_samples=n_samples,
        seeds=range(4),
        bands=bands,
    )
    gain_db = 20 * torch.log10(
        stft(rebuilt, analysis).abs().norm(dim=(1, 2)) / spectrum.norm(dim=(1, 2))
    )
    assert gain_db.abs().max() < 2.0, gain_db


@every
def test_an_inversion_that_does_not_keep_to_bands_is_not_changed_by_them(
    name: str, bands: Bands
) -> None:
    guess = invert_mel(bands.magnitude, WEIGHTS)[:2]
    few = Bands(WEIGHTS, bands.magnitude[:2])
    same = torch.equal(invert(name, guess, None), invert(name, guess, few))
    assert same == (name not in {"auto", "pghi_griffin_lim"})


def test_an_item_has_the_same_bits_in_any_batch(drums: Tensor, bands: Bands) -> None:
    guess = invert_mel(bands.magnitude, WEIGHTS)
    together = invert("pghi_griffin_lim", guess, bands)
    for i in (0, len(drums) - 1):
        row = slice(i, i + 1)
        alone = invert("pghi_griffin_lim", guess[row], Bands(WEIGHTS, bands.magnitude[row]), i)
        assert torch.equal(alone[0], together[i])


def test_bands_whose_bins_have_vanished_do_not_overflow() -> None:
    bands = Bands(WEIGHTS * 1e-14, torch.ones(1, len(WEIGHTS), 33))
    rebuilt = invert("pghi_griffin_lim", torch.zeros(1, SETTINGS.n_bins, 33), bands)
    assert rebuilt.isfinite().all()


@pytest.mark.parametrize("level", [0.0, 1e-42, 1e-20, 3e38])
def test_bands_that_contradict_the_magnitude_stay_finite(level: float) -> None:
    magnitude = torch.zeros(1, SETTINGS.n_bins, 32)
    magnitude[0, 30, 5:9] = 1.0
    shown = torch.zeros(1, 64, 32)
    shown[0, 40, 20] = level
    rebuilt = invert("pghi_griffin_lim", magnitude, Bands(WEIGHTS, shown))
    assert torch.isfinite(rebuilt).all()


@pytest.mark.parametrize(
    ("weights", "shown", "message"),
    [
        (WEIGHTS, torch.ones(1, 64, 31), "expected"),
        (WEIGHTS, torch.ones(2, 64, 32), "expected"),
        (WEIGHTS[:, :-1], torch.ones(1, 64, 32), "expected"),
        (WEIGHTS, -torch.ones(1, 64, 32), "negative"),
        (WEIGHTS, torch.full((1, 64, 32), torch.nan), "not finite"),
    ],
)
def test_bands_of_another_analysis_are_refused(
    weights: Tensor, shown: Tensor, message: str
) -> None:
    magnitude = torch.ones(1, SETTINGS.n_bins, 32)
    with pytest.raises(AudioError, match=message):
        invert("pghi_griffin_lim", magnitude, Bands(weights, shown))
