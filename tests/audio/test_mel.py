"""Mel filterbanks against librosa, and the inverse against its own forward."""

from __future__ import annotations

import librosa
import numpy as np
import pytest
import torch

from soundgan.audio.mel import MelSettings, filterbank, hz_to_mel, invert_mel, mel_to_hz
from soundgan.errors import ConfigError


@pytest.mark.parametrize("scale", ["slaney", "htk"])
@pytest.mark.parametrize(("rate", "n_fft", "n_mels"), [(16000, 2048, 40), (22050, 4096, 64)])
def test_wide_bands_equal_librosas(scale: str, rate: int, n_fft: int, n_mels: int) -> None:
    ours = filterbank(MelSettings(rate, n_fft, n_mels, 50.0, rate / 2, scale, "slaney"))
    theirs = librosa.filters.mel(
        sr=rate, n_fft=n_fft, n_mels=n_mels, fmin=50.0, htk=scale == "htk", norm="slaney"
    )
    np.testing.assert_allclose(ours.numpy(), theirs, atol=1e-7)


def test_only_the_narrow_bands_differ_from_librosas() -> None:
    rate, n_fft, n_mels = 16000, 512, 128
    ours = filterbank(MelSettings(rate, n_fft, n_mels, 0.0, rate / 2, norm="slaney")).numpy()
    theirs = librosa.filters.mel(sr=rate, n_fft=n_fft, n_mels=n_mels)
    corners = librosa.mel_frequencies(n_mels + 2, fmin=0.0, fmax=rate / 2)
    narrow = np.minimum(np.diff(corners)[:-1], np.diff(corners)[1:]) < rate / n_fft
    assert 0 < narrow.sum() < n_mels
    np.testing.assert_allclose(ours[~narrow], theirs[~narrow], atol=1e-7)
    assert np.abs(ours[narrow] - theirs[narrow]).max() > 1e-3


def test_no_band_is_empty_however_narrow() -> None:
    settings = MelSettings(44100, 1024, 256, 0.0, 22050.0)
    with pytest.warns(UserWarning, match="Empty filters"):
        theirs = librosa.filters.mel(sr=44100, n_fft=1024, n_mels=256)
    assert (theirs.sum(axis=1) == 0).any()
    weights = filterbank(settings)
    assert ((weights > 0).sum(dim=1) >= 1).all()
    torch.testing.assert_close(weights.sum(dim=1), torch.ones(256))


def test_a_band_reaches_the_bins_on_both_sides_of_its_centre() -> None:
    weights = filterbank(MelSettings(44100, 1024, 256, 0.0, 22050.0))
    centres = librosa.mel_frequencies(258, fmin=0.0, fmax=22050.0)[1:-1] / (44100 / 1024)
    bands = torch.arange(256)
    for side in (np.floor(centres), np.ceil(centres)):
        assert weights[bands, torch.from_numpy(side).long()].min() > 0


def test_a_flat_spectrum_keeps_its_level_in_every_band() -> None:
    weights = filterbank(MelSettings(22050, 1024, 80, 30.0, 8000.0, "htk"))
    torch.testing.assert_close(weights @ torch.full((513,), 0.25), torch.full((80,), 0.25))


@pytest.mark.parametrize("scale", ["slaney", "htk"])
def test_mel_scale_undoes_itself_and_agrees_with_librosa(scale: str) -> None:
    for hz in (0.0, 60.0, 999.0, 1000.0, 4321.0, 20000.0):
        mel = hz_to_mel(hz, scale)
        assert mel == pytest.approx(librosa.hz_to_mel(hz, htk=scale == "htk"), rel=1e-9)
        back = float(mel_to_hz(torch.tensor(mel, dtype=torch.float64), scale))
        assert back == pytest.approx(hz, abs=1e-6)


def spectrum(rng: np.random.Generator) -> torch.Tensor:
    """Magnitudes [2, 257, 20] that fall over frequency and fluctuate as noise does."""
    fall = np.exp(-np.linspace(0, 6, 257))[:, None]
    return torch.from_numpy((fall * rng.rayleigh(1.0, (2, 257, 20))).astype(np.float32))


WEIGHTS = filterbank(MelSettings(16000, 512, 64, 0.0, 8000.0))


def test_the_inverse_reproduces_the_bands(rng: np.random.Generator) -> None:
    mel = WEIGHTS @ spectrum(rng)
    magnitude = invert_mel(mel, WEIGHTS, n_iterations=12)
    assert magnitude.shape == (2, 257, 20)
    assert magnitude.min() >= 0
    residual = (WEIGHTS @ magnitude - mel).norm() / mel.norm()
    assert residual < 1e-3


def test_the_inverse_improves_with_iterations(rng: np.random.Generator) -> None:
    mel = WEIGHTS @ spectrum(rng)
    errors = [
        float((WEIGHTS @ invert_mel(mel, WEIGHTS, n_iterations=n) - mel).norm())
        for n in (0, 3, 12, 48)
    ]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.01 * errors[0]


def test_the_inverse_of_silence_is_silence_and_levels_scale(rng: np.random.Generator) -> None:
    assert invert_mel(torch.zeros(64, 3), WEIGHTS).abs().max() == 0
    mel = WEIGHTS @ spectrum(rng)
    loud = invert_mel(mel * 2.0**60, WEIGHTS)
    torch.testing.assert_close(loud, invert_mel(mel, WEIGHTS) * 2.0**60)


def test_bins_outside_the_bands_are_zero(rng: np.random.Generator) -> None:
    weights = filterbank(MelSettings(16000, 512, 32, 500.0, 4000.0))
    magnitude = invert_mel(weights @ spectrum(rng), weights)
    assert magnitude[:, :15].abs().max() == 0
    assert magnitude[:, 129:].abs().max() == 0
    assert magnitude[:, 20:120].min() > 0


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"f_max_hz": 8001.0}, "f_max_hz"),
        ({"f_min_hz": 8000.0}, "f_min_hz"),
        ({"n_mels": 0}, "n_mels"),
        ({"scale": "bark"}, "scale"),
        ({"norm": "peak"}, "norm"),
    ],
)
def test_impossible_settings_are_refused_by_key(change: dict[str, object], key: str) -> None:
    numbers: dict[str, object] = {
        "sample_rate": 16000, "n_fft": 512, "n_mels": 64, "f_min_hz": 0.0, "f_max_hz": 8000.0
    }  # fmt: skip
    with pytest.raises(ConfigError, match=f"^{key}: "):
        MelSettings(**(numbers | change))  # type: ignore[arg-type]
