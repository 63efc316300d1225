"""The phase that follows from how a magnitude changes over time and frequency."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from soundgan.audio.stft import STFTSettings
from soundgan.inversion.spanning_forest import Floats, integrate_differences
from soundgan.runtime.seeding import torch_stream

SHAPE_FACTORS = {"hann": 0.25645, "gauss": 0.17054704}
"""Per window: width of the Gaussian nearest to it, ``exp(-pi t^2 / (factor win_length^2))``."""

_LOUDER_END = 0.25
"""Weight of an edge: the quieter end decides, the louder one counts this much."""


def integrated_spectra(
    target: Tensor, stft: STFTSettings, seeds: Sequence[int], *, tolerance_db: float
) -> Tensor:
    """Spectra [b, T, n_bins] of these magnitudes, frames as rows, each at most 1."""
    spectra = []
    for magnitude, seed in zip(target, seeds, strict=True):
        phase = integrated_phase(magnitude, stft, seed=seed, tolerance_db=tolerance_db)
        spectra.append(torch.polar(magnitude, phase))
    return torch.stack(spectra)


def integrated_phase(
    magnitude: Tensor, stft: STFTSettings, *, seed: int, tolerance_db: float
) -> Tensor:
    """Radians [T, n_bins] for the magnitudes of one sound, frames as rows, at most 1.

    For a Gaussian window the derivatives of phase are those of the log-magnitude in the other
    direction. They are summed from point to neighbour along the loudest connections. Points
    below the tolerance, and one point of each island between them, get a random phase.

    References:
        Prusa, Balazs, Sondergaard, "A Noniterative Method for Reconstruction of Phase from STFT
        Magnitude", IEEE/ACM TASLP 25(5), 2017.
    """
    start = torch.rand(magnitude.shape, generator=torch_stream(seed, "phase")) * (2 * math.pi)
    # Nepers above the tolerance.
    log = np.log(np.maximum(magnitude.numpy() / 10.0 ** (tolerance_db / 20.0), 1.0))
    loud = log > 0
    later, higher = loud[1:] & loud[:-1], loud[:, 1:] & loud[:, :-1]
    point = np.arange(log.size).reshape(log.shape)
    edges = (
        (point[1:][later], point[:-1][later]),
        (point[:, 1:][higher], point[:, :-1][higher]),
    )
    # The change between two points is the mean of the slopes at both.
    difference = np.concatenate(
        [
            (slope.ravel()[a] + slope.ravel()[b]) / 2
            for slope, (a, b) in zip(phase_slopes(log, stft), edges, strict=True)
        ]
    )
    a, b = (np.concatenate(ends) for ends in zip(*edges, strict=True))
    one, other = log.ravel()[a], log.ravel()[b]
    weight = np.minimum(one, other) + _LOUDER_END * np.maximum(one, other)
    phase = integrate_differences(start.numpy().ravel(), (a, b), difference, weight)
    return torch.from_numpy((phase % (2 * math.pi)).astype(np.float32)).view(magnitude.shape)


def phase_slopes(log: Floats, stft: STFTSettings) -> tuple[Floats, Floats]:
    """Change of phase per frame and per bin, radians [T, n_bins] each, of log-magnitudes."""
    gamma = SHAPE_FACTORS[stft.window] * stft.win_length**2
    ratio = stft.hop_length * stft.n_fft / gamma
    centre = (stft.n_fft - stft.win_length) // 2 + stft.win_length / 2
    carrier = 2 * math.pi * stft.hop_length / stft.n_fft * np.arange(stft.n_bins)
    # Nothing is known beyond the first and the last frame, and the spectrum of a real sound is
    # mirrored at both ends of the frequency axis: no slope there.
    onward, upward = np.zeros_like(log), np.zeros_like(log)
    onward[1:-1] = (log[2:] - log[:-2]) / 2
    upward[:, 1:-1] = (log[:, 2:] - log[:, :-2]) / 2
    # A frame's phase counts from its first sample, half a window before its centre.
    return ratio * upward + carrier, -onward / ratio - 2 * math.pi * centre / stft.n_fft
