"""Phase gradient heap integration: phase in one pass, from the slopes of the magnitude."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field
from torch import Tensor

from soundgan.audio.mel import Bands
from soundgan.audio.outline import Outline
from soundgan.audio.stft import STFTSettings
from soundgan.config.settings import Settings
from soundgan.inversion.contract import Inversion
from soundgan.inversion.phase_gradient import integrated_spectra
from soundgan.inversion.rounds import Part, invert_in_parts


class PGHIOptions(Settings):
    """Options of phase gradient heap integration."""

    tolerance_db: float = Field(default=-120.0, ge=-200.0, le=-20.0)
    """Points this far below the loudest get a random phase."""


class PGHI(Inversion):
    """No iterations, so the fastest; closest where windows are Gaussian and overlap often.

    The heap is a maximum spanning forest here, which visits points in the same order.

    References:
        Prusa, Balazs, Sondergaard, "A Noniterative Method for Reconstruction of Phase from STFT
        Magnitude", IEEE/ACM TASLP 25(5), 2017.
    """

    Options: ClassVar[type[PGHIOptions]] = PGHIOptions

    def __init__(self, options: PGHIOptions) -> None:
        self.options = options

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

        def solve(part: Part) -> Tensor:
            tolerance_db = self.options.tolerance_db
            return integrated_spectra(part.target, stft, part.seeds, tolerance_db=tolerance_db)

        return invert_in_parts(
            solve, magnitude, stft, n_samples=n_samples, seeds=seeds, outline=outline
        )
