"""Griffin-Lim with momentum: the phase that the overlap between frames implies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor
from torch.nn.functional import pad

from soundgan.audio.stft import STFTSettings, overlap_add, synthesis_weights, window
from soundgan.config.settings import Settings
from soundgan.inversion.checks import check_magnitude
from soundgan.inversion.contract import Inversion
from soundgan.runtime.seeding import torch_stream
from soundgan.runtime.threads import map_in_threads

_ITEMS_AT_ONCE = 8
"""Few enough to stay in a core's cache, enough to amortise a call."""

_TINY = 1e-30
"""Keeps a bin that vanished at 0 instead of 0 / 0; squares of normal numbers stay above it."""

_START_ANGLE = math.pi / 2
"""Radians. Starting in a quarter of the circle instead of all of it ends 0.2 to 0.9 dB closer on
spoken digits after 32 iterations, at redundancies from 3 to 12."""


class GriffinLimOptions(Settings):
    """Options of Griffin-Lim."""

    iterations: int = Field(default=32, ge=0, le=10_000)
    """Projections onto consistent spectra; 0 leaves the random start phase."""
    momentum: float = Field(default=0.99, ge=0.0, le=1.0)
    """Share of the last change that is added again; 0 is the classic algorithm."""


class GriffinLim(Inversion):
    """Alternates between the wanted magnitude and the nearest spectrum of a real waveform.

    Items are independent, bit for bit: transforms run frame by frame, and everything else is
    elementwise and correctly rounded. Outside its samples a waveform is known to be silent.

    References:
        Griffin and Lim, "Signal Estimation from Modified Short-Time Fourier Transform", 1984.
        Perraudin, Balazs, Sondergaard, "A Fast Griffin-Lim Algorithm", WASPAA 2013.
    """

    Options: ClassVar[type[GriffinLimOptions]] = GriffinLimOptions

    def __init__(self, options: GriffinLimOptions) -> None:
        self.options = options

    def __call__(
        self, magnitude: Tensor, stft: STFTSettings, *, n_samples: int, seeds: Sequence[int]
    ) -> Tensor:
        """Waveforms [B, n_samples]; see :class:`Inversion`."""
        check_magnitude(magnitude, stft, n_samples=n_samples, seeds=seeds)

        def invert(items: slice) -> Tensor:
            return self._invert(magnitude[items], stft, n_samples, seeds[items])

        starts = range(0, len(seeds), _ITEMS_AT_ONCE)
        pieces = map_in_threads(invert, [slice(i, i + _ITEMS_AT_ONCE) for i in starts])
        return torch.cat(pieces) if pieces else magnitude.new_zeros(0, n_samples)

    def _invert(
        self, magnitude: Tensor, stft: STFTSettings, n_samples: int, seeds: Sequence[int]
    ) -> Tensor:
        """Waveforms [b, n_samples] of a few items."""
        loudest = magnitude.amax(dim=(1, 2), keepdim=True)
        # Frames as rows, at most 1, so that no square over- or underflows.
        target = (magnitude / loudest.clamp(min=_TINY)).transpose(1, 2).contiguous()
        shape = window(stft)
        weights = synthesis_weights(stft, target.shape[1], n_samples)
        inertia = self.options.momentum / (1.0 + self.options.momentum)

        spectrum = target * torch.stack([_random_phase(seed, target[0].shape) for seed in seeds])
        previous = torch.zeros_like(spectrum)
        for _ in range(self.options.iterations):
            padded = _synthesise(spectrum, stft, shape).mul_(weights)
            frames = padded.unfold(-1, stft.n_fft, stft.hop_length) * shape
            consistent = torch.fft.rfft(frames)
            ahead = torch.view_as_real(consistent) - torch.view_as_real(previous).mul_(inertia)
            size = (ahead[..., 0].square() + ahead[..., 1].square()).add_(_TINY).sqrt_()
            spectrum = torch.view_as_complex(ahead.mul_((target / size)[..., None]))
            previous = consistent
        padded = _synthesise(spectrum, stft, shape).mul_(weights)
        samples = padded[:, stft.n_fft // 2 :][:, :n_samples] * loudest[..., 0]
        return pad(samples, (0, n_samples - samples.shape[1]))


def _random_phase(seed: int, shape: torch.Size) -> Tensor:
    """Unit complex numbers whose angle is random within ``_START_ANGLE``."""
    angle = torch.rand(shape, generator=torch_stream(seed, "phase")) * _START_ANGLE
    return torch.complex(angle.cos(), angle.sin())


def _synthesise(spectrum: Tensor, stft: STFTSettings, shape: Tensor) -> Tensor:
    """Overlap-added windowed frames [b, padded_length] of spectra [b, T, n_bins]."""
    frames: Tensor = torch.fft.irfft(spectrum, n=stft.n_fft).mul_(shape)
    return overlap_add(frames, stft.hop_length)
