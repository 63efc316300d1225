from __future__ import annotations

import librosa
import numpy as np
import pytest
import torch
from torch import Tensor

from soundgan.audio.mel import hz_to_mel
from soundgan.audio.stft import STFTSettings
from soundgan.errors import AudioError
from soundgan.evaluation.view import analysis, attack_view, whole_view

RATE = 8000


def noise(n_clips: int, n_samples: int, *, seed: int = 0) -> Tensor:
    return 0.1 * torch.randn(n_clips, 1, n_samples, generator=torch.Generator().manual_seed(seed))


def tone(hertz: float, n_samples: int = 5120) -> Tensor:
    return torch.sin(2 * torch.pi * hertz * torch.arange(n_samples) / RATE)[None, None]


@pytest.mark.parametrize("n_samples", [1, 63, 64, 65, 5120, 6144])
def test_up_to_768_ms_become_64_frames(n_samples: int) -> None:
    picture = whole_view(noise(2, n_samples), RATE)
    assert picture.shape == (2, 64, 64)
    assert picture.dtype == torch.float32
    assert picture.max() == 1.0
    assert picture.min() >= -1.0


@pytest.mark.parametrize("seconds", [0.05, 0.64, 0.77, 1.3, 4.0, 15.0])
@pytest.mark.parametrize("rate", [8000, 44_100])
def test_no_frame_of_the_whole_is_longer_than_12_ms(seconds: float, rate: int) -> None:
    n_frames = whole_view(noise(1, round(seconds * rate)), rate).shape[2]
    assert seconds / n_frames <= 0.012
    assert n_frames % 64 == 0


def test_a_frame_sees_four_of_itself() -> None:
    assert analysis(5120, 64) == STFTSettings(n_fft=512, hop_length=80, win_length=320)
    assert analysis(5121, 64) == STFTSettings(n_fft=512, hop_length=81, win_length=324)
    assert analysis(64, 64) == STFTSettings(n_fft=256, hop_length=1, win_length=4)


def test_it_agrees_with_librosa() -> None:
    waveform = noise(1, 5120)[0, 0] * torch.linspace(0.01, 1, 5120)
    settings = analysis(5120, 64)
    bands = librosa.feature.melspectrogram(
        y=waveform.numpy(), sr=RATE, n_fft=settings.n_fft, hop_length=settings.hop_length,
        win_length=settings.win_length, power=1.0, n_mels=64, fmin=40, fmax=RATE / 2,
        norm=1, pad_mode="constant",
    )[:, :64]  # fmt: skip
    level = 20 * np.log10(bands / bands.max() + 1e-4)
    picture = whole_view(waveform[None, None], RATE)[0]
    np.testing.assert_allclose(picture, 1 + level / 40, atol=1e-4)


@pytest.mark.parametrize("hertz", [200.0, 700.0, 3000.0])
def test_a_tone_stands_in_the_band_of_its_pitch(hertz: float) -> None:
    centres = np.linspace(hz_to_mel(40, "slaney"), hz_to_mel(RATE / 2, "slaney"), 66)[1:-1]
    expected = int(np.abs(centres - hz_to_mel(hertz, "slaney")).argmin())
    loudest = whole_view(tone(hertz), RATE)[0].mean(dim=1).argmax()
    assert abs(int(loudest) - expected) <= 1


def test_a_click_stands_at_its_time() -> None:
    waveform = torch.zeros(1, 1, 5120)
    waveform[..., 3200] = 1.0
    frame = whole_view(waveform, RATE)[0].mean(dim=0).argmax()
    assert frame == 40


@pytest.mark.parametrize("rate", [8000, 44_100, 96_000])
def test_the_attack_is_250_ms_in_frames_of_at_most_1_5_ms(rate: int) -> None:
    picture = attack_view(noise(2, rate), rate)
    assert picture.shape[:2] == (2, 64)
    assert 0.25 / picture.shape[2] <= 0.0015


def test_the_attack_looks_the_same_wherever_it_begins() -> None:
    burst = noise(1, 1600) * torch.linspace(1, 0, 1600)
    early, late = torch.zeros(1, 1, 8000), torch.zeros(1, 1, 8000)
    early[..., 400:2000] = burst
    late[..., 5000:6600] = burst
    torch.testing.assert_close(attack_view(early, RATE), attack_view(late, RATE))
    assert not torch.equal(whole_view(early, RATE), whole_view(late, RATE))


def test_the_attack_of_a_short_clip_ends_in_silence() -> None:
    picture = attack_view(noise(1, 800), RATE)  # 100 ms
    assert (picture[0, :, 100:] == -1.0).all()


def test_attacks_three_ms_apart_in_steepness_look_different() -> None:
    sound = tone(1000.0, 4000)
    slow = sound.clone()
    slow[..., :24] *= torch.linspace(0, 1, 24)
    views = [attack_view(w, RATE)[0] - attack_view(sound, RATE)[0] for w in (sound, slow)]
    assert views[0].abs().max() == 0.0
    assert views[1].abs().mean() > 0.001


def test_channels_add_up_in_power_so_that_nothing_cancels() -> None:
    mono = noise(1, 5120)
    torch.testing.assert_close(
        whole_view(torch.cat([mono, -mono], dim=1), RATE), whole_view(mono, RATE)
    )


def test_half_the_picture_is_forty_decibels() -> None:
    waveform = tone(1000.0)
    waveform[..., 2560:] *= 0.01
    picture = whole_view(waveform, RATE)[0]
    band = picture.mean(dim=1).argmax()
    assert picture[band, 10] - picture[band, 50] == pytest.approx(1.0, abs=0.01)


def test_loudness_does_not_show() -> None:
    waveforms = noise(3, 5120)
    torch.testing.assert_close(
        whole_view(waveforms, RATE), whole_view(0.01 * waveforms, RATE), rtol=0, atol=1e-4
    )


def test_silence_is_the_floor() -> None:
    assert whole_view(torch.zeros(1, 1, 5120), RATE).unique().tolist() == [-1.0]


def test_pictures_do_not_depend_on_company() -> None:
    waveforms = noise(9, 5120)
    for view in (whole_view, attack_view):
        torch.testing.assert_close(
            view(waveforms[:1], RATE), view(waveforms, RATE)[:1], rtol=0, atol=1e-5
        )


@pytest.mark.parametrize(
    ("waveforms", "rate", "message"),
    [
        (torch.zeros(5120), RATE, r"waveforms: expected clips \[B, C, N\], got \[5120\]"),
        (torch.zeros(2, 1, 0), RATE, r"expected clips \[B, C, N\], got \[2, 1, 0\]"),
        (torch.zeros(0, 1, 64), RATE, r"expected clips \[B, C, N\], got \[0, 1, 64\]"),
        (torch.zeros(2, 1, 64), 80, "sample_rate: must be above 80 Hz to be judged, got 80"),
        (torch.tensor([[[0.0]], [[float("nan")]]]), RATE, "clip 1 is not finite"),
    ],
)
def test_refusals(waveforms: Tensor, rate: int, message: str) -> None:
    with pytest.raises(AudioError, match=message):
        whole_view(waveforms, rate)
