"""Integrated phase as the start of a few rounds of fast Griffin-Lim: close and quick."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field
from torch import Tensor

from soundgan.config.settings import Settings
from soundgan.inversion.phase_gradient import integrated_spectra
from soundgan.inversion.rounds import InParts, Part, after_rounds


class PGHIGriffinLimOptions(Settings):
    """Options of phase gradient heap integration with Griffin-Lim."""

    iterations: int = Field(default=16, ge=0, le=10_000)
    """Projections onto consistent spectra; 0 leaves the integrated phase."""
    momentum: float = Field(default=0.9, ge=0.0, le=1.0)
    """Share of the last change that is added again; 0 is the classic algorithm."""
    tolerance_db: float = Field(default=-120.0, ge=-200.0, le=-20.0)
    """Points this far below the loudest start with a random phase."""
    loud_starts: bool = False
    """Whether a sound that clearly begins loudly, as a hit does, may do so from the first round on;
    else after half of the rounds."""


class PGHIGriffinLim(InParts):
    """Integration puts the phase right nearby, the rounds put it right across the whole sound.

    Sixteen rounds come as close as a hundred from a random start where windows overlap four
    times, and closer than those ever do where they overlap more. Given bands, each round also
    moves the magnitudes, within the bands, to where a waveform can have them.
    """

    Options: ClassVar[type[PGHIGriffinLimOptions]] = PGHIGriffinLimOptions
    options: PGHIGriffinLimOptions
    keeps_to_bands: ClassVar[bool] = True

    def solve(self, part: Part) -> Tensor:
        """Spectra [b, T, n_bins] of a few items."""
        options = self.options
        start = integrated_spectra(
            part.target, part.frames.stft, part.seeds, tolerance_db=options.tolerance_db
        )
        return after_rounds(
            part, start, options.iterations, options.momentum, loud_starts=options.loud_starts
        )
