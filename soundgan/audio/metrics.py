"""How far a rebuilt sound is from the original, in decibels."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Closeness:
    """How close waveforms are, averaged over :data:`ANALYSES`; blind to phase.

    Attributes:
        convergence_db: Spectral convergence per item [...].
        distance_db: Log-spectral distance per item [...].
    """

    convergence_db: Tensor
    distance_db: Tensor


def compare_waveforms(reference: Tensor, estimate: Tensor) -> Closeness:
    """Both measures between waveforms [..., N] of equal length."""
    pairs = [(stft(reference, s).abs(), stft(estimate, s).abs()) for s in ANALYSES]
    return Closeness(
        convergence_db=torch.stack([spectral_convergence_db(*pair) for pair in pairs]).mean(dim=0),
        distance_db=torch.stack([log_spectral_distance_db(*pair) for pair in pairs]).mean(dim=0),
    )
