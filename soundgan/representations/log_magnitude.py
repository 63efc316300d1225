"""Levels of the linear-frequency STFT: the most faithful image where it has pixels enough."""

from __future__ import annotations

from typing import ClassVar

from torch import Tensor
from torch.nn.functional import pad

from soundgan.audio.stft import STFTSettings
from soundgan.representations.levels import (
    LevelOptions,
    LevelRepresentation,
    automatic_hop,
    fast_length,
    resolve_window,
)
from soundgan.shapes import ClipSpec, ImageSpec


class LogMagnitude(LevelRepresentation):
    """One row per STFT bin from 0 Hz up; the bin at half the sample rate is left out.

    When nothing is set, the image is the spectrogram: a frame per column, a bin per row
    (``n_fft = 2 F``). An image too small for windows that overlap twice gets a longer transform
    and is resized; log_mel is the better choice there.
    """

    Options: ClassVar[type[LevelOptions]] = LevelOptions

    def __init__(self, options: LevelOptions, clip: ClipSpec, image: ImageSpec) -> None:
        stft = _resolve(options, clip, image)
        resolved = options.model_copy(
            update={
                "n_fft": stft.n_fft,
                "hop_length": stft.hop_length,
                "win_length": stft.win_length,
                "window": stft.window,
            }
        )
        super().__init__(resolved, clip, image, stft, n_rows=stft.n_bins - 1)

    def rows(self, magnitude: Tensor) -> Tensor:
        """All bins but the last."""
        return magnitude[:, :-1]

    def magnitude(self, rows: Tensor) -> Tensor:
        """The rows, and silence at half the sample rate."""
        return pad(rows, (0, 0, 0, 1))


def _resolve(options: LevelOptions, clip: ClipSpec, image: ImageSpec) -> STFTSettings:
    """The analysis that the options ask for.

    Raises:
        ConfigError: The numbers do not fit each other; names the key.
    """
    hop_length = options.hop_length or automatic_hop(clip, image)
    n_fft = options.n_fft
    if not n_fft:
        n_fft = 2 * image.height if image.height >= hop_length else fast_length(4 * hop_length)
    return resolve_window(options, n_fft, hop_length, options.win_length or n_fft)
