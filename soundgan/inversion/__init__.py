"""Magnitude to waveform, by phase reconstruction; one algorithm per file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundgan.registry import Registry

if TYPE_CHECKING:
    from soundgan.inversion.contract import Inversion

INVERSIONS: Registry[type[Inversion]] = Registry(
    "inversion",
    {
        "admm": "soundgan.inversion.admm:ADMM",
        "auto": "soundgan.inversion.auto:Automatic",
        "griffin_lim": "soundgan.inversion.griffin_lim:GriffinLim",
        "pghi": "soundgan.inversion.pghi:PGHI",
        "pghi_griffin_lim": "soundgan.inversion.pghi_griffin_lim:PGHIGriffinLim",
        "torchaudio_griffin_lim": "soundgan.inversion.torchaudio_griffin_lim:TorchaudioGriffinLim",
    },
)
