"""What every inversion refuses."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from soundgan.audio.mel import Bands
from soundgan.audio.stft import STFTSettings
from soundgan.errors import AudioError


def check_magnitude(
    magnitude: Tensor, stft: STFTSettings, *, n_samples: int, seeds: Sequence[int]
) -> None:
    """Refuse what is not a batch of magnitudes of this analysis.

    Raises:
        AudioError: Wrong shape, negative, not finite, or not one seed per item.
    """
    if magnitude.ndim != 3 or magnitude.shape[1] != stft.n_bins or magnitude.shape[2] < 1:
        raise AudioError(f"magnitude: expected [B, {stft.n_bins}, T], got {list(magnitude.shape)}")
    if len(seeds) != magnitude.shape[0]:
        raise AudioError(f"seeds: expected {magnitude.shape[0]}, one per item, got {len(seeds)}")
    if n_samples < 1:
        raise AudioError(f"n_samples: must be at least 1, got {n_samples}")
    if not torch.isfinite(magnitude).all():
        raise AudioError("magnitude: not finite; the image that it comes from is broken")
    if (magnitude < 0).any():
        raise AudioError("magnitude: negative; decibels or a spectrum were passed instead")


def check_bands(bands: Bands, magnitude: Tensor) -> None:
    """Refuse bands that are not those of these magnitudes [B, n_bins, T].

    Raises:
        AudioError: Wrong shape, negative or not finite.
    """
    batch, n_bins, n_frames = magnitude.shape
    n_mels = bands.weights.shape[0]
    if bands.weights.shape != (n_mels, n_bins) or bands.magnitude.shape != (
        batch,
        n_mels,
        n_frames,
    ):
        raise AudioError(
            f"bands: expected [{batch}, {n_mels}, {n_frames}] and a filterbank of {n_bins} bins, "
            f"got {list(bands.magnitude.shape)} and {list(bands.weights.shape)}"
        )
    if not torch.isfinite(bands.magnitude).all() or (bands.magnitude < 0).any():
        raise AudioError("bands: negative or not finite; the image that they come from is broken")
