"""The last touches that a sound gets for a sampler: cut to its end, faded out, at full level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.level import PEAK_DB, amplitude, fade, heights, peak

TRIM_DB = 60.0
"""Distance below its peak from which on the end of a sound is silence: nobody hears the cut."""

FADE_SECONDS = 0.010

QUIETEST = 0.01
"""Sounds with a lower peak than this, -40 dBFS, are silence, which is not made louder."""


@dataclass(frozen=True)
class Finish:
    """What is asked for, in the order in which it is done.

    Attributes:
        trim: Cut behind the last sample that is within :data:`TRIM_DB` of the peak.
        fade: Let the last :data:`FADE_SECONDS` end in nothing, or half of a shorter sound.
        normalise: Bring the peak to :data:`soundgan.audio.level.PEAK_DB`.
    """

    trim: bool = False
    fade: bool = False
    normalise: bool = False

    def numbers(self) -> dict[str, float]:
        """What is done, as a sound's provenance states it."""
        every = {
            "trim_db": TRIM_DB * self.trim,
            "fade_ms": 1000 * FADE_SECONDS * self.fade,
            "normalise_db": PEAK_DB * self.normalise,
        }
        return {name: value for name, value in every.items() if value}

    def __call__(self, waveform: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
        """A finished copy [M] of ``waveform`` [N], M at most N and at least 1; silence stays.

        Of stereo [N, 2] both channels are cut, faded and levelled alike.
        """
        finished = waveform.copy()
        highest = peak(finished)
        if highest == 0.0:
            return finished
        if self.trim:
            audible = np.flatnonzero(heights(finished) >= highest * amplitude(-TRIM_DB))
            finished = finished[: int(audible[-1]) + 1]
        if self.fade:
            fade(finished, 0, min(round(FADE_SECONDS * sample_rate), len(finished) // 2))
        highest = peak(finished)
        if self.normalise and highest >= QUIETEST:
            finished *= np.float32(amplitude(PEAK_DB) / highest)
        return finished
