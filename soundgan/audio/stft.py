"""The short-time Fourier transform: settings, forward, inverse, and frame arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor
from torch.nn.functional import pad

from soundgan.errors import ConfigError

WINDOWS = ("hann", "gauss")

_GAUSS_WIDTH = 0.17054704
"""Width of the truncated Gaussian that falls to 1 % at its ends: exp(-pi t^2 / (width n^2))."""

_MIN_COVERAGE = 1e-3
"""Samples that the windows hardly touch are faded out instead of amplified without limit."""


@dataclass(frozen=True)
class STFTSettings:
    """One analysis. Frames are centred: frame t looks at sample ``t * hop_length``.

    Attributes:
        n_fft: Transform size, samples; even.
        hop_length: Distance between frames, samples, at most ``win_length``.
        win_length: Window length, samples, at most ``n_fft``; zeros fill the rest on both sides.
        window: ``hann`` or ``gauss`` (truncated Gaussian), both periodic.

    Raises:
        ConfigError: The numbers do not fit each other.
    """

    n_fft: int
    hop_length: int
    win_length: int
    window: str = "hann"

    def __post_init__(self) -> None:
        if self.n_fft < 2 or self.n_fft % 2:
            raise ConfigError(f"n_fft: must be even and at least 2, got {self.n_fft}")
        if not 2 <= self.win_length <= self.n_fft:
            raise ConfigError(
                f"win_length: must be in 2..n_fft = {self.n_fft}, got {self.win_length}"
            )
        if not 1 <= self.hop_length < self.win_length:
            raise ConfigError(
                f"hop_length: must be in 1..{self.win_length - 1}, below win_length, "
                f"got {self.hop_length}"
            )
        if self.window not in WINDOWS:
            raise ConfigError(f"window: unknown {self.window!r}; choose from {', '.join(WINDOWS)}")

    @property
    def n_bins(self) -> int:
        """Frequency bins of one frame: ``n_fft // 2 + 1``."""
        return self.n_fft // 2 + 1

    @property
    def redundancy(self) -> float:
        """Windows that overlap at a sample; phase retrieval wants 4 or more."""
        return self.win_length / self.hop_length

    @property
    def full_scale(self) -> float:
        """Magnitude of a sine of amplitude 1 on a bin's centre: half the window's sum."""
        return float(window(self).sum(dtype=torch.float64)) / 2

    def n_frames(self, n_samples: int) -> int:
        """One frame per hop begun: ``ceil(n_samples / hop_length)``, at least one.

        Equal to the count of centred frames elsewhere (``1 + n_samples // hop_length``), except
        that a clip of whole hops has no frame standing on its end.
        """
        return max(1, math.ceil(n_samples / self.hop_length))


@lru_cache(maxsize=32)
def window(settings: STFTSettings) -> Tensor:
    """The analysis window [n_fft], centred, zeros on both sides; shared, so never write to it."""
    n = settings.win_length
    if settings.window == "hann":
        shape = torch.hann_window(n, periodic=True, dtype=torch.float64)
    else:
        t = torch.arange(n, dtype=torch.float64) - n / 2
        shape = torch.exp(-math.pi * t**2 / (_GAUSS_WIDTH * n**2))
    left = (settings.n_fft - n) // 2
    return pad(shape, (left, settings.n_fft - n - left)).to(torch.float32)


def stft(waveform: Tensor, settings: STFTSettings, *, n_frames: int | None = None) -> Tensor:
    """Complex spectrum [..., n_bins, n_frames] of waveforms [..., N]; zeros surround the waveform.

    Args:
        waveform: Samples [..., N].
        settings: The analysis.
        n_frames: Frames wanted; ``settings.n_frames(N)`` when not given.
    """
    if n_frames is None:
        n_frames = settings.n_frames(waveform.shape[-1])
    half = settings.n_fft // 2
    length = padded_length(settings, n_frames)
    padded = pad(waveform, (half, max(0, length - half - waveform.shape[-1])))[..., :length]
    frames = padded.unfold(-1, settings.n_fft, settings.hop_length)
    spectrum: Tensor = torch.fft.rfft(frames * window(settings))
    return spectrum.transpose(-1, -2)


def padded_length(settings: STFTSettings, n_frames: int) -> int:
    """Samples that ``n_frames`` frames span; the waveform begins at sample ``n_fft // 2``."""
    return (n_frames - 1) * settings.hop_length + settings.n_fft


def overlap_add(frames: Tensor, hop_length: int) -> Tensor:
    """Sum of frames [..., T, n] that start ``hop_length`` apart: [..., (T - 1) * hop + n]."""
    n_frames, n = frames.shape[-2:]
    n_hops = math.ceil(n / hop_length)
    rows = frames.new_zeros(*frames.shape[:-2], n_frames + n_hops - 1, hop_length)
    for k in range(n_hops):
        piece = frames[..., k * hop_length : (k + 1) * hop_length]
        rows[..., k : k + n_frames, : piece.shape[-1]] += piece
    return rows.flatten(-2)[..., : (n_frames - 1) * hop_length + n]


@lru_cache(maxsize=32)
def synthesis_weights(settings: STFTSettings, n_frames: int, n_samples: int) -> Tensor:
    """Factor [padded_length] that turns overlap-added windowed frames into samples.

    One over the sum of squared windows inside the waveform, zero outside; shared, read only.
    """
    squares = (window(settings) ** 2).expand(n_frames, -1)
    coverage = overlap_add(squares, settings.hop_length)
    weights = 1.0 / coverage.clamp(min=_MIN_COVERAGE * float(coverage.max()))
    half = settings.n_fft // 2
    inside = torch.zeros_like(weights)
    inside[half : half + n_samples] = 1.0
    return weights * inside
