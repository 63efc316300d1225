"""The STFT against its inverse, hand-made values and librosa."""

from __future__ import annotations

import librosa
import numpy as np
import pytest
import torch

from soundgan.audio.stft import STFTSettings, overlap_add, stft, window
from soundgan.errors import ConfigError
from tests.transforms import istft

SETTINGS = [
    STFTSettings(256, 64, 256),
    STFTSettings(512, 86, 512, window="gauss"),
    STFTSettings(360, 88, 352),
    STFTSettings(256, 128, 256),
]


def noise(rng: np.random.Generator, *shape: int) -> torch.Tensor:
    return torch.from_numpy(rng.uniform(-1, 1, shape).astype(np.float32))


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("n_samples", [1, 100, 5600, 5633])
def test_istft_undoes_stft(
    settings: STFTSettings, n_samples: int, rng: np.random.Generator
) -> None:
    waveform = noise(rng, 3, n_samples)
    rebuilt = istft(stft(waveform, settings), settings, n_samples)
    torch.testing.assert_close(rebuilt, waveform, rtol=0, atol=2e-6)


@pytest.mark.parametrize("settings", [SETTINGS[0], SETTINGS[2], SETTINGS[3]])
def test_stft_equals_librosa_frame_by_frame(
    settings: STFTSettings, rng: np.random.Generator
) -> None:
    waveform = noise(rng, 5000)
    ours = stft(waveform, settings)
    theirs = librosa.stft(
        waveform.numpy(),
        n_fft=settings.n_fft,
        hop_length=settings.hop_length,
        win_length=settings.win_length,
        pad_mode="constant",
    )
    assert ours.shape == (settings.n_bins, settings.n_frames(5000))
    np.testing.assert_allclose(ours.numpy(), theirs[:, : ours.shape[1]], atol=2e-5)


def test_one_frame_per_hop_begun() -> None:
    settings = STFTSettings(256, 64, 256)
    assert [settings.n_frames(n) for n in (0, 1, 64, 65, 128, 4096)] == [1, 1, 1, 2, 2, 64]


def test_more_frames_than_the_waveform_fills_are_silent_and_do_no_harm(
    rng: np.random.Generator,
) -> None:
    settings = STFTSettings(256, 64, 256)
    waveform = noise(rng, 300)
    spectrum = stft(waveform, settings, n_frames=16)
    assert spectrum.shape == (129, 16)
    assert spectrum[:, 7:].abs().max() == 0
    torch.testing.assert_close(istft(spectrum, settings, 300), waveform, rtol=0, atol=2e-6)
    assert istft(spectrum, settings, 5000)[300:].abs().max() < 1e-6


def test_a_sine_of_amplitude_one_reaches_full_scale() -> None:
    settings = STFTSettings(256, 64, 240)
    sine = torch.sin(2 * torch.pi * 16 * torch.arange(4096) / 256)
    magnitude = stft(sine, settings).abs()[:, 32]
    assert int(magnitude.argmax()) == 16
    assert float(magnitude[16]) == pytest.approx(settings.full_scale, rel=1e-4)


def test_the_gauss_window_is_one_in_the_middle_and_a_hundredth_at_its_end() -> None:
    shape = window(STFTSettings(512, 64, 256, window="gauss"))
    assert shape[256] == 1
    assert float(shape[128]) == pytest.approx(0.01, rel=1e-3)
    assert shape[:128].abs().max() == 0
    assert shape[384:].abs().max() == 0


def test_overlap_add_of_ones_counts_the_frames_over_a_sample() -> None:
    assert overlap_add(torch.ones(3, 5), 2).tolist() == [1, 1, 2, 2, 3, 2, 2, 1, 1]


def test_the_barely_covered_end_of_a_clip_is_faded_not_amplified(
    rng: np.random.Generator,
) -> None:
    settings = STFTSettings(256, 128, 256)
    frames = noise(rng, 4, 256)
    inconsistent = torch.fft.rfft(frames).T
    assert istft(inconsistent, settings, 512).abs().max() < 40 * frames.abs().max()


@pytest.mark.parametrize(
    ("numbers", "key"),
    [
        ((255, 64, 255), "n_fft"),
        ((0, 1, 1), "n_fft"),
        ((256, 64, 257), "win_length"),
        ((256, 256, 256), "hop_length"),
        ((256, 0, 256), "hop_length"),
        ((256, 64, 256, "kaiser"), "window"),
    ],
)
def test_impossible_settings_are_refused_by_key(numbers: tuple[int, ...], key: str) -> None:
    with pytest.raises(ConfigError, match=f"^{key}: "):
        STFTSettings(*numbers)  # type: ignore[arg-type]
