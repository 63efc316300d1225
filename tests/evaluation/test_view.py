from __future__ import annotations

import librosa
import numpy as np
import pytest
import torch
from torch import Tensor

from soundgan.audio.mel import hz_to_mel
from soundgan.audio.stft import STFTSettings
from soundgan.errors import AudioError
from soundgan.evaluation import view
from soundgan.evaluation.view import analysis, mel_view

RATE = 8000


def noise(n_clips: int, n_samples: int, *, seed: int = 0) -> Tensor:
    return 0.1 * torch.randn(n_clips, n_samples, generator=torch.Generator().manual_seed(seed))


def tone(hertz: float, n_samples: int = 5120) -> Tensor:
    return torch.sin(2 * torch.pi * hertz * torch.arange(n_samples) / RATE)[None]


@pytest.mark.parametrize("n_samples", [1, 63, 64, 65, 5120, 5121, 40_000])
def test_every_length_becomes_64_bands_in_64_frames(n_samples: int) -> None:
    picture = mel_view(noise(2, n_samples), RATE)
    assert picture.shape == (2, 64, 64)
    assert picture.dtype == torch.float32
    assert picture.max() == 1.0
    assert picture.min() >= -1.0


def test_a_frame_is_a_64th_of_the_clip_and_sees_four() -> None:
    assert analysis(5120) == STFTSettings(n_fft=512, hop_length=80, win_length=320)
    assert analysis(5121) == STFTSettings(n_fft=512, hop_length=81, win_length=324)
    assert analysis(64) == STFTSettings(n_fft=256, hop_length=1, win_length=4)


def test_it_agrees_with_librosa() -> None:
    waveform = noise(1, 5120)[0] * torch.linspace(0.01, 1, 5120)
    settings = analysis(5120)
    bands = librosa.feature.melspectrogram(
        y=waveform.numpy(), sr=RATE, n_fft=settings.n_fft, hop_length=settings.hop_length,
        win_length=settings.win_length, power=1.0, n_mels=64, fmin=40, fmax=RATE / 2,
        norm=1, pad_mode="constant",
    )[:, :64]  # fmt: skip
    level = 20 * np.log10(bands / bands.max() + 1e-4)
    np.testing.assert_allclose(mel_view(waveform[None], RATE)[0], 1 + level / 40, atol=1e-4)


@pytest.mark.parametrize("hertz", [200.0, 700.0, 3000.0])
def test_a_tone_stands_in_the_band_of_its_pitch(hertz: float) -> None:
    centres = np.linspace(hz_to_mel(40, "slaney"), hz_to_mel(RATE / 2, "slaney"), 66)[1:-1]
    expected = int(np.abs(centres - hz_to_mel(hertz, "slaney")).argmin())
    loudest = mel_view(tone(hertz), RATE)[0].mean(dim=1).argmax()
    assert abs(int(loudest) - expected) <= 1


def test_a_click_stands_at_its_time() -> None:
    waveform = torch.zeros(1, 6400)
    waveform[0, 4000] = 1.0
    frame = mel_view(waveform, RATE)[0].mean(dim=0).argmax()
    assert frame == 40


def test_half_the_picture_is_forty_decibels() -> None:
    waveform = tone(1000.0)
    waveform[:, 2560:] *= 0.01
    picture = mel_view(waveform, RATE)[0]
    band = picture.mean(dim=1).argmax()
    assert picture[band, 10] - picture[band, 50] == pytest.approx(1.0, abs=0.01)


def test_loudness_does_not_show() -> None:
    waveforms = noise(3, 5120)
    torch.testing.assert_close(
        mel_view(waveforms, RATE), mel_view(0.01 * waveforms, RATE), rtol=0, atol=1e-4
    )


def test_silence_is_the_floor() -> None:
    assert mel_view(torch.zeros(1, 5120), RATE).unique().tolist() == [-1.0]


def test_pictures_depend_neither_on_company_nor_on_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waveforms = noise(9, 5120)
    together = mel_view(waveforms, RATE)
    n_threads = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        assert torch.equal(mel_view(waveforms, RATE), together)
    finally:
        torch.set_num_threads(n_threads)
    monkeypatch.setattr(view, "_BLOCK_VALUES", 1)
    torch.testing.assert_close(mel_view(waveforms, RATE), together, rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("waveforms", "rate", "message"),
    [
        (torch.zeros(5120), RATE, r"waveforms: expected clips \[N, samples\], got \[5120\]"),
        (torch.zeros(2, 0), RATE, r"expected clips \[N, samples\], got \[2, 0\]"),
        (torch.zeros(0, 64), RATE, r"expected clips \[N, samples\], got \[0, 64\]"),
        (torch.zeros(2, 64), 80, "sample_rate: must be above 80 Hz to be judged, got 80"),
        (torch.tensor([[0.0], [float("nan")]]), RATE, "clip 1 is not finite"),
    ],
)
def test_refusals(waveforms: Tensor, rate: int, message: str) -> None:
    with pytest.raises(AudioError, match=message):
        mel_view(waveforms, rate)
