"""What decides the samples of a clip: its recipe, and the fingerprint of that."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Annotated, Literal

import soundfile
import soxr
from pydantic import Field

from soundgan.audio.resample import QUALITY
from soundgan.audio.tally import Channel
from soundgan.config.settings import Settings
from soundgan.runtime.files import sha256
from soundgan.version import VERSION

Normalise = Literal["peak", "none"]

REVISION = 8
"""Goes up whenever the same file gives other samples or another record than before."""


class ClipRecipe(Settings):
    """Everything besides a file's bytes that its clips follow from."""

    sample_rate: Annotated[int, Field(ge=1000, le=192_000)]
    """Rate of the clips, Hz."""
    n_samples: Annotated[int, Field(ge=16, le=1 << 24)]
    """Length of the clips."""
    trim_db: Annotated[float, Field(ge=10.0, le=100.0)]
    """Silence at the ends is what lies this far below the loudest moment, dB."""
    normalise: Normalise
    """``peak`` brings every clip to the same peak; ``none`` keeps the level."""
    channel: Channel = "mix"
    """What several channels become: their mean, the first or the second."""
    channels: Annotated[int, Field(ge=1, le=2)] = 1
    """Of the clips: 1, or 2 for left and right."""
    slice: bool = False
    """Whether a long file gives a clip for every sound that begins in it, or its loudest one. May
    differ from file to file, and stands in its record instead of in the fingerprint."""
    strict: bool = False
    """Whether a file that is shorter than it says is refused."""
    with_generated: bool = False
    """Whether sounds that were made here become clips like any others."""

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever the same file could give other samples."""
        told = self.model_dump(exclude={"slice", "channels"})
        if self.channels > 1:  # of mono it is that of folders prepared before there was stereo
            told["channels"] = self.channels
        return sha256(json.dumps([REVISION, told, libraries()], sort_keys=True).encode())


def libraries() -> dict[str, str]:
    """Versions that samples depend on."""
    return {
        "libsndfile": str(soundfile.__libsndfile_version__),
        "soundgan": VERSION,
        "soxr": f"{soxr.__version__} {QUALITY}",
    }
