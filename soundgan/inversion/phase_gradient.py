"""The phase that follows from how a magnitude changes over time and frequency."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from soundgan.audio.stft import STFTSettings
from soundgan.inversion.grid_forest import integrate_on_grid, neighbours
from soundgan.inversion.spanning_forest import Floats
from soundgan.runtime.seeding import torch_stream

SHAPE_FACTORS = {"hann": 0.25645, "gauss": 0.17054704}
"""Per window: width of the Gaussian nearest to it, ``exp(-pi t^2 / (factor win_length^2))``."""

_TOGETHER = 4
"""Sounds integrated at once: fewer, longer operations, for which threads do not wait in turn."""

_FEW_HOPS = 5.0
"""Redundancy from which on the slopes of the first and last frame are worth guessing: 4 dB in
spectral convergence for drums at 8, nothing or a loss at 4."""

_LOUDER_END = 0.25
"""Weight of an edge: the quieter end decides, the louder one counts this much."""


def integrated_spectra(
    target: Tensor, stft: STFTSettings, seeds: Sequence[int], *, tolerance_db: float
) -> Tensor:
    """Spectra [b, T, n_bins] of these magnitudes, frames as rows, each at most 1."""
    phases = [
        integrated_phase(
            target[i : i + _TOGETHER], stft, seeds[i : i + _TOGETHER], tolerance_db=tolerance_db
        )
        for i in range(0, len(target), _TOGETHER)
    ]
    return torch.polar(target, torch.cat(phases))


def integrated_phase(
    magnitude: Tensor, stft: STFTSettings, seeds: Sequence[int], *, tolerance_db: float
) -> Tensor:
    """Radians [b, T, n_bins] for the magnitudes of some sounds, frames as rows, at most 1.

    For a Gaussian window the derivatives of phase are those of the log-magnitude in the other
    direction. They are summed from point to neighbour along the loudest connections. Points
    below the tolerance, and one point of each island between them, get a random phase.

    References:
        Prusa, Balazs, Sondergaard, "A Noniterative Method for Reconstruction of Phase from STFT
        Magnitude", IEEE/ACM TASLP 25(5), 2017.
    """
    turns = [torch.rand(magnitude.shape[1:], generator=torch_stream(s, "phase")) for s in seeds]
    start = torch.stack(turns) * (2 * math.pi)
    # Nepers above the tolerance.
    log = np.log(np.maximum(magnitude.numpy() / 10.0 ** (tolerance_db / 20.0), 1.0))
    differences, weights = [], []
    for axis, slope in enumerate(phase_slopes(log, stft), start=1):
        after, before = neighbours(axis)
        one, other = log[after], log[before]
        # The change between two points is the mean of the slopes at both.
        differences.append((slope[after] + slope[before]) / 2)
        quieter, louder = np.minimum(one, other), np.maximum(one, other)
        weights.append(np.where(quieter > 0, quieter + _LOUDER_END * louder, -1))
    phase = integrate_on_grid(start.numpy(), differences, weights)
    phase -= np.floor(phase / (2 * math.pi)) * (2 * math.pi)
    return torch.from_numpy(phase.astype(np.float32))


def phase_slopes(log: Floats, stft: STFTSettings) -> tuple[Floats, Floats]:
    """Change of phase per frame and per bin, radians [..., T, n_bins] each, of log-magnitudes."""
    # With a Gaussian window of any width gamma, centred at the time t, and w = 2 pi hertz,
    #     V(t, w) = integral f(u) exp(-pi (u - t)^2 / gamma) exp(-i w (u - t)) du
    #             = exp(-gamma w^2 / 4 pi) A(z),   z = t - i gamma w / 2 pi,
    # by completing the square, where A(z) = integral f(u) exp(-pi (u - z)^2 / gamma) du is
    # analytic. So is log A = s + gamma w^2 / 4 pi + i p, where s is the log-magnitude of V and p
    # its phase, and the Cauchy-Riemann equations give one from the other:
    #     dp/dt = w + (2 pi / gamma) ds/dw,        dp/dw = -(gamma / 2 pi) ds/dt.
    # A frame is hop_length samples of t, a bin 2 pi / n_fft of w: with ``ratio`` below,
    #     per frame: w hop_length + ratio ds/dbin,   per bin: -(ds/dframe) / ratio.
    # (Time and frequency are taken as continuous; Prusa et al., above, say how well that holds.)
    gamma = SHAPE_FACTORS[stft.window] * stft.win_length**2
    ratio = stft.hop_length * stft.n_fft / gamma
    centre = (stft.n_fft - stft.win_length) // 2 + stft.win_length / 2
    carrier = 2 * math.pi * stft.hop_length / stft.n_fft * np.arange(stft.n_bins)
    # The spectrum of a real sound is mirrored at both ends of the frequency axis: no slope there.
    upward = np.zeros_like(log)
    upward[..., 1:-1] = (log[..., 2:] - log[..., :-2]) / 2
    onward = np.zeros_like(log)
    onward[..., 1:-1, :] = (log[..., 2:, :] - log[..., :-2, :]) / 2
    if stft.redundancy >= _FEW_HOPS and log.shape[-2] > 2:
        # Where frames are near each other, parabolas tell how the sound begins and ends.
        onward[..., 0, :] = (4 * log[..., 1, :] - log[..., 2, :] - 3 * log[..., 0, :]) / 2
        onward[..., -1, :] = (3 * log[..., -1, :] - 4 * log[..., -2, :] + log[..., -3, :]) / 2
    # A frame's phase counts from its first sample, half a window before its centre.
    return ratio * upward + carrier, -onward / ratio - 2 * math.pi * centre / stft.n_fft
