"""How far a rebuilt sound is from the original, in decibels."""

from __future__ import annotations

import torch
from torch import Tensor

from soundgan.audio.stft import STFTSettings, stft

ANALYSES = tuple(STFTSettings(n, n // 4, n) for n in (256, 512, 1024))
"""Analyses that waveforms are compared with; none is the one an image came from."""

_BEST_DB = -140.0
"""Float32 cannot tell spectra closer than this apart."""


def spectral_convergence_db(reference: Tensor, estimate: Tensor) -> Tensor:
    """Relative error of magnitudes, ``20 log10(|R - E| / |R|)`` with Frobenius norms.

    Args:
        reference: Magnitudes [..., F, T].
        estimate: Magnitudes of the same shape.

    Returns:
        One number per item [...], at least -140; 0 dB is as wrong as silence. For a silent
        reference it is -140 where the estimate is silent too, else infinity.
    """
    error = torch.linalg.matrix_norm((reference - estimate).double())
    size = torch.linalg.matrix_norm(reference.double())
    ratio = torch.where(error > 0, error / size, 0.0)
    return (20.0 * torch.log10(ratio)).clamp(min=_BEST_DB).float()


def waveform_convergence_db(reference: Tensor, estimate: Tensor) -> Tensor:
    """Spectral convergence between waveforms [..., N]: the mean over :data:`ANALYSES`, [...].

    Blind to phase.
    """
    pairs = [(stft(reference, s).abs(), stft(estimate, s).abs()) for s in ANALYSES]
    return torch.stack([spectral_convergence_db(*pair) for pair in pairs]).mean(dim=0)
