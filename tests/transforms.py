"""The plain inverse of an STFT and a distance between spectra, which inversions are measured by."""

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


def log_spectral_distance_db(
    reference: Tensor, estimate: Tensor, *, floor_db: float = -80.0
) -> Tensor:
    """Root mean square difference of levels over frequency, averaged over frames.

    Args:
        reference: Magnitudes [..., F, T].
        estimate: Magnitudes of the same shape.
        floor_db: Levels further than this below the loudest of the reference count as this.

    Returns:
        One number per item [...]; 0 for equal spectra and for silence against silence.
    """
    loudest = reference.amax(dim=(-2, -1), keepdim=True).double().clamp(min=1e-30)
    floor = 10.0 ** (floor_db / 20.0)
    levels = [
        20.0 * torch.log10((magnitude.double() / loudest).clamp(min=floor))
        for magnitude in (reference, estimate)
    ]
    return (levels[0] - levels[1]).square().mean(dim=-2).sqrt().mean(dim=-1).float()
