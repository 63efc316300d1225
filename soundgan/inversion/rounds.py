"""What the inversions share: sounds in parts, and rounds between magnitude and waveform."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import pad

from soundgan.audio.band_products import BandProducts, products_with
from soundgan.audio.mel import Bands
from soundgan.audio.outline import Limits, Outline, limits, wider_where
from soundgan.audio.stft import STFTSettings, overlap_add, synthesis_weights, window
from soundgan.inversion.checks import check_bands, check_magnitude
from soundgan.inversion.contract import Inversion
from soundgan.runtime.threads import map_in_threads

TINY = 1e-30
"""Keeps a bin that vanished at 0 instead of 0 / 0; squares of normal numbers stay above it."""

_MOST_GROWTH = 1e6
"""Of a band in one round, so that one that has vanished does not overflow."""

_MOST_AT_RIM = 2.0
"""Of the first guess, in bins of which bands say little; noise is louder in one of 23."""

CLEARLY = 0.1
"""Share of its norm by which a first guess leaves the quiet limits that cannot be meant for it."""

_MOST_AT_ONCE = 16
"""Few enough to stay in a core's cache, enough to amortise a call."""


class Frames:
    """Spectra with frames as rows [b, T, n_bins], and the waveforms [b, n_samples] they add up to.

    Items are independent, bit for bit: transforms run frame by frame, and everything else is
    elementwise and correctly rounded. Outside its samples a waveform is known to be silent, and
    at its first and last samples to keep to the limits of an outline.
    """

    def __init__(
        self,
        stft: STFTSettings,
        n_frames: int,
        n_samples: int,
        outline: Outline | None = None,
    ) -> None:
        self.stft = stft
        self.n_samples = n_samples
        self.widths = limits(outline, n_samples)
        self._held = self.widths[-1]
        self._pressed: Tensor | None = None
        self._free: Tensor | None = None
        self._shape = window(stft)
        self._weights = synthesis_weights(stft, n_frames, n_samples)

    def waveform(self, spectrum: Tensor) -> Tensor:
        """Waveforms whose spectra are nearest to these."""
        samples = self._padded(spectrum)[:, self.stft.n_fft // 2 :][:, : self.n_samples]
        return pad(samples, (0, self.n_samples - samples.shape[1]))

    def consistent(self, spectrum: Tensor) -> Tensor:
        """The nearest spectra that waveforms have."""
        frames = self._padded(spectrum).unfold(-1, self.stft.n_fft, self.stft.hop_length)
        consistent: Tensor = torch.fft.rfft(frames * self._shape)
        return consistent

    def keep_quiet(self) -> None:
        """From now on, begin and end as quietly as the quieter half of sounds does."""
        self._held, self._pressed = self.widths[0], None

    def let_loud_begin(self, spectrum: Tensor) -> None:
        """From now on, give those of the waveforms the widest limits that clearly need them."""
        clearly = replace(self._held, most=CLEARLY)
        self._free = clearly.pressing(self._inside(self._added(spectrum)))
        self._held = wider_where(self._free, self.widths[-1], self._held)

    def widen(self, spectrum: Tensor, wider: Limits) -> None:
        """From now on, let those of the waveforms begin and end louder that press to do so.

        Whoever stayed within the limits before keeps them.
        """
        pressed = self._held.pressing(self._inside(self._added(spectrum)))
        self._pressed = pressed if self._pressed is None else pressed & self._pressed
        narrow = self._pressed if self._free is None else self._pressed & ~self._free
        self._held = wider_where(narrow, wider, self._held)

    def _padded(self, spectrum: Tensor) -> Tensor:
        """Waveforms with half a window of silence before them [b, padded_length]."""
        padded = self._added(spectrum)
        self._held.hold(self._inside(padded))
        return padded

    def _added(self, spectrum: Tensor) -> Tensor:
        frames = torch.fft.irfft(spectrum, n=self.stft.n_fft).mul_(self._shape)
        return overlap_add(frames, self.stft.hop_length).mul_(self._weights)

    def _inside(self, padded: Tensor) -> Tensor:
        """The samples of the waveforms in [b, padded_length], as a view."""
        half = self.stft.n_fft // 2
        return padded[:, half : half + self.n_samples]


@dataclass(frozen=True)
class Part:
    """A few sounds to invert; levels are relative to the loudest of each.

    Attributes:
        target: Magnitudes with frames as rows [b, T, n_bins], at most 1, so that no square over-
            or underflows.
        frames: What spectra of this shape add up to.
        seeds: One per item.
        bands: Band magnitudes with frames as rows [b, T, n_mels], where ``target`` was guessed
            from them.
        products: With the filterbank of the bands.
        first: How many of all sounds come before these.
    """

    target: Tensor
    frames: Frames
    seeds: Sequence[int]
    bands: Tensor | None = None
    products: BandProducts | None = None
    first: int = 0

    def guess(self, consistent: Tensor) -> Tensor:
        """Magnitudes [b, T, n_bins] to keep: the target, or near ``consistent`` within the bands.

        One step of the multiplicative updates of :func:`soundgan.audio.mel.invert_mel`,
        over-relaxed by half like those. Rounds prefer what windows agree on, such as a hum at half
        the sample rate, which bands would hardly show: at their rim the first guess bounds it.
        """
        if self.bands is None or self.products is None:
            return self.target
        size = _size(consistent)
        missing = self.bands / self.products.bands(size).clamp(min=TINY)
        missing = missing.clamp_(max=_MOST_GROWTH)
        guess = size * self.products.bins(missing * missing.sqrt())
        rim = self.products.rim
        guess[..., rim] = torch.minimum(guess[..., rim], _MOST_AT_RIM * self.target[..., rim])
        return guess


def at_level(waveform: Tensor, loudest: Tensor) -> Tensor:
    """Waveforms times the level that they were divided by; the largest numbers do not overflow."""
    largest = torch.finfo(waveform.dtype).max
    return (waveform * loudest).clamp_(-largest, largest)


def with_size(spectrum: Tensor, size: Tensor) -> Tensor:
    """Spectra of these magnitudes and the phase of ``spectrum``, which is overwritten."""
    return spectrum.mul_(size / _size(spectrum))


def _size(spectrum: Tensor) -> Tensor:
    """Magnitudes, at least the root of ``TINY``; several times as fast as ``abs``."""
    parts = torch.view_as_real(spectrum)
    return (parts[..., 0].square() + parts[..., 1].square()).add_(TINY).sqrt_()


def griffin_lim_rounds(
    part: Part, spectrum: Tensor, momentum: float
) -> Iterator[tuple[Tensor, Tensor]]:
    """Endless rounds of fast Griffin-Lim from a start spectrum [b, T, n_bins].

    Yields:
        The spectrum that the round ends with, of the wanted magnitude, and the consistent one
        that it was made from.
    """
    # To divide by 1 + momentum is to add ``momentum`` times the last change: sizes are replaced.
    inertia = momentum / (1.0 + momentum)
    previous = torch.zeros_like(spectrum)
    while True:
        consistent = part.frames.consistent(spectrum)
        ahead = torch.view_as_real(consistent) - torch.view_as_real(previous).mul_(inertia)
        spectrum = with_size(torch.view_as_complex(ahead), part.guess(consistent))
        yield spectrum, consistent
        previous = consistent


def after_rounds(
    part: Part, spectrum: Tensor, iterations: int, momentum: float, *, loud_starts: bool = False
) -> Tensor:
    """Spectra after some :func:`griffin_lim_rounds`; the start for none.

    Every sound is first taken for one of those that begin and end quietly. After half of the
    rounds limits are as wide as a sound needs; where there are three, some get wider after a
    quarter.

    Args:
        part: The sounds.
        spectrum: Where to start, [b, T, n_bins].
        iterations: Rounds.
        momentum: Of the rounds.
        loud_starts: Whether sounds that clearly begin or end loudly may do so from the start on.
    """
    if iterations == 0:
        return spectrum
    rounds = griffin_lim_rounds(part, spectrum, momentum)
    part.frames.keep_quiet()
    if loud_starts:
        part.frames.let_loud_begin(spectrum)
    wider = part.frames.widths[1:]
    for number in range(iterations):
        for left, width in zip(range(len(wider), 0, -1), wider, strict=True):
            if number == iterations >> left:
                part.frames.widen(spectrum, width)
        spectrum, _ = next(rounds)
    return spectrum


class InParts(Inversion):
    """An inversion of some items per thread at a time, with levels relative to their loudest."""

    keeps_to_bands: ClassVar[bool] = False
    """Whether :meth:`solve` looks at the bands that magnitudes were guessed from."""

    @abstractmethod
    def solve(self, part: Part) -> Tensor:
        """Spectra [b, T, n_bins] for some of the items."""

    def __call__(
        self,
        magnitude: Tensor,
        stft: STFTSettings,
        *,
        n_samples: int,
        seeds: Sequence[int],
        bands: Bands | None = None,
        outline: Outline | None = None,
    ) -> Tensor:
        """Waveforms [B, n_samples]; see :class:`Inversion`."""
        check_magnitude(magnitude, stft, n_samples=n_samples, seeds=seeds)
        bands = bands if self.keeps_to_bands else None
        if bands is not None:
            check_bands(bands, magnitude)
        products = None if bands is None else products_with(bands.weights)

        def invert(items: slice) -> Tensor:
            frames = Frames(stft, magnitude.shape[2], n_samples, outline)
            loudest = magnitude[items].amax(dim=(1, 2), keepdim=True)
            if bands is not None:
                highest = bands.magnitude[items].amax(dim=(1, 2), keepdim=True)
                loudest = torch.maximum(loudest, highest)

            def as_rows(levels: Tensor) -> Tensor:
                return (levels[items] / loudest.clamp(min=TINY)).transpose(1, 2).contiguous()

            known = None if bands is None else as_rows(bands.magnitude)
            spectrum = self.solve(
                Part(as_rows(magnitude), frames, seeds[items], known, products, items.start)
            )
            return at_level(frames.waveform(spectrum), loudest[..., 0])

        at_once = max(1, min(_MOST_AT_ONCE, math.ceil(len(seeds) / torch.get_num_threads())))
        starts = range(0, len(seeds), at_once)
        pieces = map_in_threads(invert, [slice(i, i + at_once) for i in starts])
        return torch.cat(pieces) if pieces else magnitude.new_zeros(0, n_samples)
