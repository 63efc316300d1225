"""The method and the rounds that measurement favours for an analysis."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field
from torch import Tensor

from soundgan.audio.stft import STFTSettings
from soundgan.config.settings import Settings
from soundgan.inversion.pghi_griffin_lim import PGHIGriffinLim, PGHIGriffinLimOptions
from soundgan.inversion.rounds import InParts, Part

ROUNDS_WITHIN_BANDS = ((1024, 24),)
"""Below which transform size how many rounds keep to bands, where a round costs little."""
ROUNDS_WITHIN_BANDS_BEYOND = 40
ROUNDS = ((3.0, 64), (6.0, 40))
"""Up to which redundancy how many rounds: the less windows overlap, the less integration knows."""

ROUNDS_BEYOND = 38


class AutomaticOptions(Settings):
    """Options of the automatic choice."""

    iterations: int | None = Field(default=None, ge=0, le=10_000)
    """Rounds after the integrated phase; none = as measured for the analysis."""


class Automatic(InParts):
    """Integrated phase and as many rounds of Griffin-Lim as pay off for the analysis.

    On the sounds of ``tests/benchmarks/test_phase_quality_speed.py`` so many rounds come at least
    as near as a hundred from a random start where windows overlap four times or more.
    Inversion runs on the CPU whatever the device: only the number of rounds is left to choose.
    """

    Options: ClassVar[type[AutomaticOptions]] = AutomaticOptions
    options: AutomaticOptions
    keeps_to_bands: ClassVar[bool] = True

    def solve(self, part: Part) -> Tensor:
        """Spectra [b, T, n_bins] of a few items."""
        chosen = self.options.iterations
        if chosen is None:
            chosen = rounds_for(part.frames.stft, within_bands=part.bands is not None)
        return PGHIGriffinLim(PGHIGriffinLimOptions(iterations=chosen)).solve(part)


def rounds_for(stft: STFTSettings, *, within_bands: bool) -> int:
    """Rounds after which more of them are hardly heard."""
    if within_bands:
        known = (rounds for most, rounds in ROUNDS_WITHIN_BANDS if stft.n_fft < most)
        return next(known, ROUNDS_WITHIN_BANDS_BEYOND)
    return next((rounds for most, rounds in ROUNDS if stft.redundancy < most), ROUNDS_BEYOND)
