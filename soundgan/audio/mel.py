"""Mel filterbanks, and the way back from mel bands to linear bins."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from soundgan.audio.band_products import products_with
from soundgan.errors import ConfigError

SCALES = ("slaney", "htk")
NORMS = ("unit_sum", "slaney")


@dataclass(frozen=True)
class MelSettings:
    """One filterbank of triangles, equally spaced on a mel scale.

    Attributes:
        sample_rate: Hz.
        n_fft: Transform size of the STFT that it applies to.
        n_mels: Bands.
        f_min_hz: Lower end of the lowest triangle.
        f_max_hz: Upper end of the highest triangle, at most ``sample_rate / 2``.
        scale: ``slaney`` (linear below 1 kHz, logarithmic above) or ``htk`` (logarithmic).
        norm: ``unit_sum`` (a band is a weighted mean of bins, so levels keep their meaning) or
            ``slaney`` (triangles of equal area over frequency).

    Raises:
        ConfigError: The numbers do not fit each other.
    """

    sample_rate: int
    n_fft: int
    n_mels: int
    f_min_hz: float
    f_max_hz: float
    scale: str = "slaney"
    norm: str = "unit_sum"

    def __post_init__(self) -> None:
        if not 0 < self.f_max_hz <= self.sample_rate / 2:
            raise ConfigError(
                f"f_max_hz: must be above 0 and at most half the sample rate, "
                f"{self.sample_rate / 2:g} Hz, got {self.f_max_hz:g}"
            )
        if not 0 <= self.f_min_hz < self.f_max_hz:
            raise ConfigError(
                f"f_min_hz: must be in 0..f_max_hz = {self.f_max_hz:g}, got {self.f_min_hz:g}"
            )
        if self.n_mels < 1:
            raise ConfigError(f"n_mels: must be at least 1, got {self.n_mels}")
        if self.scale not in SCALES:
            raise ConfigError(f"scale: unknown {self.scale!r}; choose from {', '.join(SCALES)}")
        if self.norm not in NORMS:
            raise ConfigError(f"norm: unknown {self.norm!r}; choose from {', '.join(NORMS)}")


_SLANEY_LINEAR_HZ = 200.0 / 3  # hertz per mel below the break
_SLANEY_BREAK_HZ = 1000.0
_SLANEY_LOG_STEP = math.log(6.4) / 27  # 27 mels from 1 to 6.4 kHz


def hz_to_mel(hz: float, scale: str) -> float:
    """Mels of a frequency in Hz."""
    if scale == "htk":
        return 2595.0 * math.log10(1.0 + hz / 700.0)
    if hz < _SLANEY_BREAK_HZ:
        return hz / _SLANEY_LINEAR_HZ
    return _SLANEY_BREAK_HZ / _SLANEY_LINEAR_HZ + math.log(hz / _SLANEY_BREAK_HZ) / _SLANEY_LOG_STEP


def mel_to_hz(mel: Tensor, scale: str) -> Tensor:
    """Frequencies in Hz of mels, any shape."""
    if scale == "htk":
        return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    above = mel - _SLANEY_BREAK_HZ / _SLANEY_LINEAR_HZ
    return torch.where(
        above < 0,
        mel * _SLANEY_LINEAR_HZ,
        _SLANEY_BREAK_HZ * torch.exp(above.clamp(min=0) * _SLANEY_LOG_STEP),
    )


@lru_cache(maxsize=16)
def filterbank(settings: MelSettings) -> Tensor:
    """Weights [n_mels, n_bins], float32; shared, so never write to it.

    A triangle reaches at least one bin to either side of its centre: where bands are closer than
    bins, rows overlap instead of being empty.
    """
    corners = torch.linspace(
        hz_to_mel(settings.f_min_hz, settings.scale),
        hz_to_mel(settings.f_max_hz, settings.scale),
        settings.n_mels + 2,
        dtype=torch.float64,
    )
    corner_hz = mel_to_hz(corners, settings.scale)
    bin_hz = settings.sample_rate / settings.n_fft
    centre = corner_hz[1:-1, None]
    lower = torch.minimum(corner_hz[:-2, None], centre - bin_hz)
    upper = torch.maximum(corner_hz[2:, None], centre + bin_hz)
    bins = torch.arange(settings.n_fft // 2 + 1, dtype=torch.float64) * bin_hz
    rising = (bins - lower) / (centre - lower)
    falling = (upper - bins) / (upper - centre)
    weights = torch.minimum(rising, falling).clamp(min=0)
    if settings.norm == "unit_sum":
        weights = weights / weights.sum(dim=1, keepdim=True)
    else:
        weights = weights * 2.0 / (upper - lower)
    return weights.to(torch.float32)


@dataclass(frozen=True)
class Bands:
    """What is known of magnitudes through a filterbank.

    Attributes:
        weights: The filterbank [n_mels, n_bins].
        magnitude: Band magnitudes [B, n_mels, T], non-negative and finite.
    """

    weights: Tensor
    magnitude: Tensor


_TINY = 1e-30
"""Keeps empty bands at 0 / tiny = 0 instead of 0 / 0."""


def invert_mel(mel: Tensor, weights: Tensor, *, n_iterations: int = 12) -> Tensor:
    """Non-negative linear magnitudes whose mel bands are nearly ``mel``.

    Multiplicative updates for the Kullback-Leibler divergence, over-relaxed by half. From a smooth
    start they keep the shape between the bands, which least squares does not, and a dozen reach
    a residual of -60 dB. Bins that no band covers are zero.

    Args:
        mel: Band magnitudes [..., n_mels, T], non-negative.
        weights: The filterbank [n_mels, n_bins].
        n_iterations: Updates; each costs two matrix products.

    Returns:
        Magnitudes [..., n_bins, T].

    References:
        Lee and Seung, "Algorithms for Non-negative Matrix Factorization", NIPS 2000, theorem 2.
    """
    products = products_with(weights)
    rows = mel.transpose(-1, -2)
    magnitude = products.bins(rows)
    for _ in range(n_iterations):
        ratio = products.bins(rows / products.bands(magnitude).clamp(min=_TINY))
        magnitude = magnitude * ratio * ratio.sqrt()
    return magnitude.transpose(-1, -2)
