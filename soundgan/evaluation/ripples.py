"""Regular patterns in spectrograms: blocks and grids, which networks leave and nature does not."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad

from soundgan.audio.mel import MelSettings, filterbank
from soundgan.audio.stft import STFTSettings, stft

TIME, FREQUENCY = "time", "frequency"

FLOOR_DB = -60.0
_TIME_HOP_SECONDS, _TIME_WINDOW_SECONDS = 0.001, 0.006
_TIME_FRAMES = 512
_TIME_BANDS = 32
_LOWEST_HZ = 40.0
_FREQUENCY_WINDOW_SECONDS = 0.04
_FREQUENCY_FRAMES = 64

_SLOWEST = 4
"""Ripples of fewer periods are shapes of sounds."""
_AROUND = 41
"""Entries of which a line has to stand out."""
_LEAST = 1e-6


def ripples_of(waveforms: Tensor, sample_rate: int) -> dict[str, Tensor]:
    """How much each rate of ripples there is in every spectrogram, along each of its axes.

    Along time, levels of 32 mel bands every millisecond of the first half second; along frequency,
    levels of all bins in 64 frames. Of the differences between neighbours the power spectrum is
    taken, where both are within 60 dB of the loudest.

    Args:
        waveforms: float32 [B, C, N]; only the mean of the channels is looked at.
        sample_rate: Hz, above 80.

    Returns:
        Logarithms (base 10) of shares of the clip's mean, float32 [B, R], by axis.
    """
    mono = waveforms.mean(dim=1)
    return {TIME: _along_time(mono, sample_rate), FREQUENCY: _along_frequency(mono, sample_rate)}


def line_db(real: Tensor, fake: Tensor) -> float:
    """By how much fakes have more of one rate of ripples than of those around it, dB, 0 or more.

    A network that draws blocks of four pixels puts a ripple of that period into all its sounds.
    Wherever the sounds differ from real ones in a smooth way, nothing stands out.

    Args:
        real: Ripples of real sounds [N, R].
        fake: Ripples of generated ones [M, R].
    """
    more = 10.0 * (fake.double().mean(dim=0) - real.double().mean(dim=0))[_SLOWEST:]
    half = min(_AROUND // 2, len(more) - 1)
    around = pad(more[None, None], (half, half), mode="replicate")[0, 0].unfold(0, 2 * half + 1, 1)
    return max(0.0, float((more - around.median(dim=1).values).max()))


def _along_time(mono: Tensor, sample_rate: int) -> Tensor:
    hop = max(1, round(_TIME_HOP_SECONDS * sample_rate))
    window = max(hop + 1, round(_TIME_WINDOW_SECONDS * sample_rate))
    n_fft = max(64, 1 << (window - 1).bit_length())
    settings = STFTSettings(n_fft=n_fft, hop_length=hop, win_length=window)
    weights = filterbank(MelSettings(sample_rate, n_fft, _TIME_BANDS, _LOWEST_HZ, sample_rate / 2))
    begin = mono[:, : hop * _TIME_FRAMES]
    return _ripples(weights @ stft(begin, settings, n_frames=_TIME_FRAMES).abs())


def _along_frequency(mono: Tensor, sample_rate: int) -> Tensor:
    n_fft = 1 << (round(_FREQUENCY_WINDOW_SECONDS * sample_rate) - 1).bit_length()
    hop = max(n_fft // 2, -(-mono.shape[1] // _FREQUENCY_FRAMES))
    settings = STFTSettings(n_fft=n_fft, hop_length=min(hop, n_fft - 1), win_length=n_fft)
    return _ripples(stft(mono, settings, n_frames=None).abs().transpose(1, 2))


def _ripples(magnitude: Tensor) -> Tensor:
    """Of magnitudes [B, lines, n] along the last axis: [B, n / 2]."""
    peak = magnitude.amax(dim=(1, 2), keepdim=True).clamp(min=1e-9)
    floor = 10.0 ** (FLOOR_DB / 20.0)
    level = 20.0 * torch.log10((magnitude / peak).clamp(min=floor))
    heard = level > FLOOR_DB + 1.0
    steps = (level[..., 1:] - level[..., :-1]) * (heard[..., 1:] & heard[..., :-1])
    window = torch.hann_window(steps.shape[-1])
    power = torch.fft.rfft(steps * window).abs().square().mean(dim=1)
    share = power / power.mean(dim=1, keepdim=True).clamp(min=1e-9)
    return torch.log10(share + _LEAST)
