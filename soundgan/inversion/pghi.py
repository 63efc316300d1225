"""Phase gradient heap integration: phase in one pass, from the slopes of the magnitude."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field
from torch import Tensor

from soundgan.config.settings import Settings
from soundgan.inversion.phase_gradient import integrated_spectra
from soundgan.inversion.rounds import InParts, Part


class PGHIOptions(Settings):
    """Options of phase gradient heap integration."""

    tolerance_db: float = Field(default=-120.0, ge=-200.0, le=-20.0)
    """Points this far below the loudest get a random phase."""


class PGHI(InParts):
    """No iterations, so the fastest; closest where windows are Gaussian and overlap often.

    The heap is a maximum spanning forest here, which visits points in the same order.

    References:
        Prusa, Balazs, Sondergaard, "A Noniterative Method for Reconstruction of Phase from STFT
        Magnitude", IEEE/ACM TASLP 25(5), 2017.
    """

    Options: ClassVar[type[PGHIOptions]] = PGHIOptions
    options: PGHIOptions

    def solve(self, part: Part) -> Tensor:
        """Spectra [b, T, n_bins] of a few items."""
        tolerance_db = self.options.tolerance_db
        return integrated_spectra(
            part.target, part.frames.stft, part.seeds, tolerance_db=tolerance_db
        )
