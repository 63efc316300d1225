"""The method and the rounds that measurement favours for an analysis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor

from soundgan.audio.mel import Bands
from soundgan.audio.outline import Outline
from soundgan.audio.stft import STFTSettings
from soundgan.config.settings import Settings
from soundgan.inversion.checks import check_bands, check_magnitude
from soundgan.inversion.pghi_griffin_lim import PGHIGriffinLim, PGHIGriffinLimOptions
from soundgan.inversion.rounds import InParts, Part

ROUNDS_WITHIN_BANDS = ((1024, 24),)
"""Below which transform size how many rounds keep to bands, where a round costs little."""
ROUNDS_WITHIN_BANDS_BEYOND = 40
ROUNDS = ((3.0, 64), (6.0, 40))
"""Up to which redundancy how many rounds: the less windows overlap, the less integration knows."""

ROUNDS_BEYOND = 38

LENGTHS = 8
"""So many lengths of sounds are told apart where silence is left out."""


class AutomaticOptions(Settings):
    """Options of the automatic choice."""

    iterations: int | None = Field(default=None, ge=0, le=10_000)
    """Rounds after the integrated phase; none = as measured for the analysis."""
    silent_db: float | None = Field(default=None, ge=-200.0, le=-60.0)
    """After the last bin above this, from the loudest, is silence; none = everything is made."""
    loud_starts: bool = False
    """Whether a sound that clearly begins loudly, as a hit does, may do so from the first round on;
    else after half of the rounds."""


class Automatic(InParts):
    """Integrated phase and as many rounds of Griffin-Lim as pay off for the analysis.

    On the sounds of ``tests/benchmarks/test_phase_quality_speed.py`` so many rounds come at least
    as near as a hundred from a random start where windows overlap four times or more.
    Inversion runs on the CPU whatever the device: only the number of rounds is left to choose.
    """

    Options: ClassVar[type[AutomaticOptions]] = AutomaticOptions
    options: AutomaticOptions
    keeps_to_bands: ClassVar[bool] = True

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
        """Waveforms [B, n_samples]; silence at their ends costs nothing where that is allowed."""
        invert = partial(super().__call__, stft=stft, outline=outline)
        silent_db = self.options.silent_db
        if silent_db is None:
            return invert(magnitude, n_samples=n_samples, seeds=seeds, bands=bands)
        # Before anything is left out, which could be what is wrong.
        check_magnitude(magnitude, stft, n_samples=n_samples, seeds=seeds)
        if bands is not None:
            check_bands(bands, magnitude)
        kept = sounding_frames(magnitude, stft, silent_db)
        waveforms = magnitude.new_zeros(len(magnitude), n_samples)
        for n_frames in sorted(set(kept.tolist())):
            items = (kept == n_frames).nonzero()[:, 0]
            n = min(n_samples, n_frames * stft.hop_length)
            waveforms[items, :n] = invert(
                magnitude[items, :, :n_frames],
                n_samples=n,
                seeds=[seeds[item] for item in items.tolist()],
                bands=bands and Bands(bands.weights, bands.magnitude[items, :, :n_frames]),
            )
        return waveforms

    def solve(self, part: Part) -> Tensor:
        """Spectra [b, T, n_bins] of a few items."""
        chosen = self.options.iterations
        if chosen is None:
            chosen = rounds_for(part.frames.stft, within_bands=part.bands is not None)
        options = PGHIGriffinLimOptions(iterations=chosen, loud_starts=self.options.loud_starts)
        return PGHIGriffinLim(options).solve(part)


def rounds_for(stft: STFTSettings, *, within_bands: bool) -> int:
    """Rounds after which more of them are hardly heard."""
    if within_bands:
        known = (rounds for most, rounds in ROUNDS_WITHIN_BANDS if stft.n_fft < most)
        return next(known, ROUNDS_WITHIN_BANDS_BEYOND)
    return next((rounds for most, rounds in ROUNDS if stft.redundancy < most), ROUNDS_BEYOND)


def sounding_frames(magnitude: Tensor, stft: STFTSettings, silent_db: float) -> Tensor:
    """How many frames of each item hold sound, and the window after them; int64 [B].

    In steps of an eighth of all frames, so that items of one length can go together; what an item
    gets depends on nothing but itself.

    Args:
        magnitude: Non-negative, [B, n_bins, T].
        stft: The analysis that it belongs to.
        silent_db: Below the loudest bin; bins at most this loud are silent.
    """
    n_frames = magnitude.shape[2]
    loudest = magnitude.amax(dim=1)
    limit = loudest.amax(dim=1, keepdim=True) * 10.0 ** (silent_db / 20.0)
    positions = torch.arange(1, n_frames + 1)
    last = ((loudest > limit) * positions).amax(dim=1)
    step = math.ceil(n_frames / LENGTHS)
    whole = (last + math.ceil(stft.n_fft / stft.hop_length)).div(step, rounding_mode="floor") + 1
    frames: Tensor = (whole * step).clamp(max=n_frames)
    return frames
