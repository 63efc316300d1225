"""The method and the rounds that measurement favours for an analysis."""

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
from soundgan.inversion.pghi_griffin_lim import PGHIGriffinLim, PGHIGriffinLimOptions

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


class Automatic(Inversion):
    """Integrated phase and as many rounds of Griffin-Lim as pay off for the analysis.

    On the sounds of ``tests/benchmarks/test_phase_quality_speed.py`` so many rounds come at least
    as near as a hundred from a random start where windows overlap four times or more.
    Inversion runs on the CPU whatever the device: only the number of rounds is left to choose.
    """

    Options: ClassVar[type[AutomaticOptions]] = AutomaticOptions

    def __init__(self, options: AutomaticOptions) -> None:
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
        chosen = self.options.iterations
        if chosen is None:
            chosen = rounds_for(stft, within_bands=bands is not None)
        method = PGHIGriffinLim(PGHIGriffinLimOptions(iterations=chosen))
        return method(
            magnitude, stft, n_samples=n_samples, seeds=seeds, bands=bands, outline=outline
        )


def rounds_for(stft: STFTSettings, *, within_bands: bool) -> int:
    """Rounds after which more of them are hardly heard."""
    if within_bands:
        known = (rounds for most, rounds in ROUNDS_WITHIN_BANDS if stft.n_fft < most)
        return next(known, ROUNDS_WITHIN_BANDS_BEYOND)
    return next((rounds for most, rounds in ROUNDS if stft.redundancy < most), ROUNDS_BEYOND)
