"""Which representation and size suit clips, when the user does not say."""

from __future__ import annotations

import math
from typing import Any

from soundgan.representations.levels import LevelOptions, automatic_hop, fast_length
from soundgan.representations.log_magnitude import LogMagnitude
from soundgan.representations.log_mel import LogMel
from soundgan.shapes import ClipSpec, ImageSpec

MIN_REDUNDANCY = 3.0
"""Overlapping windows below which copies through a linear spectrogram are further from the sound
than copies through mel bands: at 3.2 they are nearer by 0.8 dB, at 2.3 they are not."""


def choose(clip: ClipSpec, image: ImageSpec) -> tuple[str, dict[str, Any]]:
    """Name of a registered representation and all of its options, automatic values filled in.

    Linear frequency if the image holds it with enough overlap (``F * T`` of about 1.5 times the
    samples), else mel bands, which spend their pixels where ears and most sounds have them.
    """
    redundancy = 2 * image.height / automatic_hop(clip, image)
    if redundancy >= MIN_REDUNDANCY:
        return "log_magnitude", LogMagnitude(
            LogMagnitude.Options(), clip, image
        ).options.model_dump()
    return "log_mel", LogMel(LogMel.Options(), clip, image).options.model_dump()


WINDOW_SECONDS = 768 / 44100
"""Of the windows of an image that follows the clips: as short as attacks want it, and as long as
tones do. Of drums and other one-shots, windows half and twice as long gave no closer copies."""

HOP_SHARE = 1 / 6
"""Of a window: six overlap, the fewest that a truncated Gaussian is good for. With 4 copies are 6
dB further away, with 8 they are 3 dB closer for a third more pixels."""

LEAST_FRAMES = 32
"""Shorter clips have more windows instead."""


def spectrogram_size(
    clip: ClipSpec, options: LevelOptions, height: int, width: int
) -> tuple[ImageSpec, dict[str, int]]:
    """An image of one channel that is the linear spectrogram itself, and its analysis.

    Args:
        clip: Rate and length of the clips.
        options: What is decided of the analysis; sizes of 0 are not.
        height: Rows, or 0.
        width: Columns, or 0.
    """
    n_fft = options.n_fft or 2 * height or fast_length(round(WINDOW_SECONDS * clip.sample_rate))
    hop_length = options.hop_length
    if not hop_length and width:
        hop_length = math.ceil(clip.n_samples / width)
    elif not hop_length:
        hop_length = max(1, min(round(HOP_SHARE * n_fft), clip.n_samples // LEAST_FRAMES))
    size = ImageSpec(1, height or n_fft // 2, width or math.ceil(clip.n_samples / hop_length))
    return size, {"n_fft": n_fft, "hop_length": hop_length}
