"""Phase that begins as that of another sound, for what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from soundgan.audio.mel import Bands
from soundgan.audio.outline import Outline
from soundgan.audio.stft import STFTSettings
from soundgan.config.settings import Settings
from soundgan.inversion.phase_gradient import integrated_spectra
from soundgan.inversion.rounds import InParts, Part, after_rounds, with_size

ROUNDS = 16
"""After which the side of a stereo sound is as far from its mid's phase as it was."""

MOMENTUM = 0.9

_TOLERANCE_DB = -120.0

_UNHEARD = 1e-4
"""Share of the energy below which a guide tells nothing; 40 dB."""


class FollowingOptions(Settings):
    """There are none."""


class Following(InParts):
    """Rounds of fast Griffin-Lim from the phase of a guide, which the magnitudes belong to.

    An item whose guide is silent, or nearly, gets an integrated phase instead.

    Args:
        guide: Spectra [B, n_bins, T] of one sound per item, polarity included.
    """

    Options: ClassVar[type[Settings]] = FollowingOptions
    keeps_to_bands: ClassVar[bool] = True

    def __init__(self, guide: Tensor) -> None:
        super().__init__(FollowingOptions())
        self._guide = guide.transpose(1, 2).contiguous()
        self._heard = torch.zeros(len(guide), dtype=torch.bool)

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
        energy = magnitude.double().square().sum(dim=(1, 2))
        self._heard = _energy(self._guide) > _UNHEARD * energy
        return super().__call__(
            magnitude, stft, n_samples=n_samples, seeds=seeds, bands=bands, outline=outline
        )

    def solve(self, part: Part) -> Tensor:
        """Spectra [b, T, n_bins] of a few items."""
        items = slice(part.first, part.first + len(part.target))
        start = with_size(self._guide[items].clone(), part.target)
        for row in torch.nonzero(~self._heard[items]).flatten().tolist():
            one = slice(row, row + 1)
            start[one] = integrated_spectra(
                part.target[one], part.frames.stft, part.seeds[one], tolerance_db=_TOLERANCE_DB
            )
        return after_rounds(part, start, ROUNDS, MOMENTUM)


def _energy(spectra: Tensor) -> Tensor:
    """Of each item, [B], in double precision."""
    return torch.view_as_real(spectra).double().square().sum(dim=(1, 2, 3))
