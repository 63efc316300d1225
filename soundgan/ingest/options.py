"""What a person can choose about preparing a folder."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field

from soundgan.audio.tally import Channel
from soundgan.config.settings import Settings
from soundgan.data.split import Shares, checked_shares
from soundgan.errors import UsageError
from soundgan.ingest.clip_recipe import Normalise
from soundgan.ranges import PREPARE


def _within(name: str) -> Any:
    allowed = PREPARE[name]
    return Field(ge=allowed.low, le=allowed.high if allowed.high < math.inf else None)


class PrepareOptions(Settings):
    """Options of ``soundgan prepare``; ``None`` lets the corpus decide."""

    sample_rate: Annotated[int, _within("sample_rate")] | None = None
    """Rate of the clips, Hz."""
    clip_seconds: Annotated[float, _within("clip_seconds")] | None = None
    """Length of the clips, s; rounded up to a multiple of 128 samples."""
    channel: Channel = "mix"
    """What several channels become: their mean, the left (first) or the right (second)."""
    channels: Literal["auto", "mono", "stereo"] = "auto"
    """Of the clips; ``auto``: stereo where a quarter of the sounds is."""
    slice: bool | None = None
    """Cut long recordings into many clips instead of taking their loudest window."""
    label_pattern: str | None = None
    """Regular expression with a group named ``label``, searched in file names."""
    label_depth: Annotated[int, _within("label_depth")] | None = None
    """Which level of folders is the classes, 1 for the first; ``None``: as they are understood."""
    unlabelled: bool = False
    """No classes, whatever the folders look like."""
    with_generated: bool = False
    """Whether sounds that were made by soundgan become clips like any others."""
    validation: Annotated[float, _within("validation")] = 0.1
    """Part of every class that a training measures itself by."""
    test: Annotated[float, _within("test")] = 0.1
    """Part of every class that no training looks at."""
    trim_db: Annotated[float, _within("trim_db")] = 40.0
    """Silence at the ends is what lies this far below the loudest moment, dB."""
    normalise: Normalise = "peak"
    """``peak`` brings every clip to -1 dBFS; ``none`` keeps the level."""
    strict: bool = False
    """Refuse files that are shorter than they say, instead of using what is there."""
    jobs: Annotated[int, _within("jobs")] | None = None
    """Worker processes; never changes the result."""
    timeout: Annotated[float, _within("timeout")] = 60.0
    """Seconds without progress after which a file is given up."""

    @property
    def fixed_channels(self) -> int | None:
        """Channels of the clips; ``None``: chosen from the sounds.

        Raises:
            UsageError: One channel is asked for, and both.
        """
        if self.channels == "stereo":
            if self.channel != "mix":
                raise UsageError(
                    f"`channel={self.channel}`: takes one channel, and `channels=stereo` keeps "
                    "both; give one of them"
                )
            return 2
        if self.channels == "auto" and self.channel == "mix":
            return None
        return 1

    @property
    def shares(self) -> Shares:
        """What is kept back.

        Raises:
            UsageError: More than half.
        """
        return checked_shares(self.validation, self.test)
