"""Alternating direction method of multipliers: settles later than Griffin-Lim, and closer."""

from __future__ import annotations

from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor

from soundgan.config.settings import Settings
from soundgan.inversion.phase_gradient import integrated_spectra
from soundgan.inversion.rounds import InParts, Part, with_size


class ADMMOptions(Settings):
    """Options of the alternating direction method of multipliers."""

    iterations: int = Field(default=64, ge=0, le=10_000)
    """Projections onto consistent spectra; 0 leaves the integrated phase."""
    penalty: float = Field(default=0.1, gt=0.0, le=1.0)
    """Pull of the wanted magnitude; small values wander further before they settle."""
    tolerance_db: float = Field(default=-120.0, ge=-200.0, le=-20.0)
    """Points this far below the loudest start with a random phase."""


class ADMM(InParts):
    """Splits the spectrum into one of the wanted magnitude and a nearly consistent one.

    A multiplier remembers by how much they differ. Starts from the integrated phase.

    References:
        Masuyama, Yatabe, Oikawa, "Griffin-Lim Like Phase Recovery via Alternating Direction
        Method of Multipliers", IEEE Signal Processing Letters 26(1), 2019.
    """

    Options: ClassVar[type[ADMMOptions]] = ADMMOptions
    options: ADMMOptions

    def solve(self, part: Part) -> Tensor:
        """Spectra [b, T, n_bins] of a few items."""
        options = self.options
        spectrum = integrated_spectra(
            part.target, part.frames.stft, part.seeds, tolerance_db=options.tolerance_db
        )
        multiplier = torch.zeros_like(torch.view_as_real(spectrum))
        for _ in range(options.iterations):
            # With x of the wanted size, u the multiplier, y = x + u, and c the consistent
            # spectrum nearest to y: z = (rho y + c) / (1 + rho), u = y - z, and the next x
            # has the phase of z - u, which is that of 2 c - (1 - rho) y.
            y = torch.view_as_real(spectrum) + multiplier
            c = torch.view_as_real(part.frames.consistent(torch.view_as_complex(y)))
            multiplier = (y - c).div_(1.0 + options.penalty)
            ahead = c.mul_(2.0) - y.mul_(1.0 - options.penalty)
            spectrum = with_size(torch.view_as_complex(ahead), part.target)
        return spectrum
