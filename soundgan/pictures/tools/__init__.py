"""What programs that draw spectrograms do alike in all of their pictures; one program per file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundgan.registry import Registry

if TYPE_CHECKING:
    from soundgan.pictures.tools.contract import Tool

TOOLS: Registry[Tool] = Registry(
    "program",
    {
        "sox": "soundgan.pictures.tools.sox:SOX",
        "ffmpeg": "soundgan.pictures.tools.ffmpeg:FFMPEG",
        "spek": "soundgan.pictures.tools.spek:SPEK",
        "audacity": "soundgan.pictures.tools.audacity:AUDACITY",
        "praat": "soundgan.pictures.tools.praat:PRAAT",
        "librosa": "soundgan.pictures.tools.librosa:LIBROSA",
        "matlab": "soundgan.pictures.tools.matlab:MATLAB",
    },
)
