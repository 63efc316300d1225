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

    An image with exactly one row more than that, ``n_fft / 2 + 1``, shows that bin too.

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
        n_rows = stft.n_bins if image.height == stft.n_bins else stft.n_bins - 1
        super().__init__(resolved, clip, image, stft, n_rows=n_rows)

    def rows(self, magnitude: Tensor) -> Tensor:
        """All bins, or all but the last."""
        return magnitude[:, : self.n_rows]

    def magnitude(self, rows: Tensor) -> Tensor:
        """The rows, and silence where they leave out half the sample rate."""
        return pad(rows, (0, 0, 0, self.stft.n_bins - self.n_rows))


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
