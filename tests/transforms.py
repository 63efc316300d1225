"""The plain inverse of an STFT, which inversions are measured against."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad

from soundgan.audio.stft import STFTSettings, overlap_add, synthesis_weights, window


def istft(spectrum: Tensor, settings: STFTSettings, n_samples: int) -> Tensor:
    """Waveforms [..., n_samples] whose STFT is nearest to ``spectrum`` [..., n_bins, n_frames].

    Undoes :func:`stft` exactly where windows overlap enough; samples that no window reaches are
    zero (least squares: Griffin and Lim, 1984, eq. 6).
    """
    frames = torch.fft.irfft(spectrum.transpose(-1, -2), n=settings.n_fft) * window(settings)
    summed = overlap_add(frames, settings.hop_length)
    half = settings.n_fft // 2
    available = (summed * synthesis_weights(settings, spectrum.shape[-1], n_samples))[..., half:]
    return pad(available, (0, max(0, n_samples - available.shape[-1])))[..., :n_samples]
