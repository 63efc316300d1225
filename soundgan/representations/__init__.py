"""Waveform to image and back; one representation per file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundgan.registry import Registry

if TYPE_CHECKING:
    from soundgan.representations.contract import Representation

REPRESENTATIONS: Registry[type[Representation]] = Registry(
    "representation",
    {
        "log_magnitude": "soundgan.representations.log_magnitude:LogMagnitude",
        "log_mel": "soundgan.representations.log_mel:LogMel",
    },
)
