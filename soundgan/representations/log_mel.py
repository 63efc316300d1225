"""Levels of mel bands: fewer rows than bins, for images too small for a linear spectrogram."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field
from torch import Tensor

from soundgan.audio.mel import Bands, MelSettings, filterbank, invert_mel
from soundgan.audio.stft import STFTSettings
from soundgan.errors import ConfigError
from soundgan.representations.levels import (
    KEYS,
    LevelOptions,
    LevelRepresentation,
    automatic_hop,
    fast_length,
    resolve_window,
)
from soundgan.shapes import ClipSpec, ImageSpec


class LogMelOptions(LevelOptions):
    """Options of a log-mel spectrogram."""

    n_mels: int = Field(default=0, ge=0, le=4096)
    """Mel bands; 0 = one per image row."""
    f_min_hz: float = Field(default=0.0, ge=0.0)
    """Lower end of the lowest band, Hz."""
    f_max_hz: float = Field(default=0.0, ge=0.0)
    """Upper end of the highest band, Hz; 0 = half the sample rate."""
    mel_scale: Literal["slaney", "htk"] = "slaney"
    """Spacing of the bands: linear below 1 kHz and logarithmic above, or all logarithmic."""
    inverse_iterations: int = Field(default=12, ge=0, le=1000)
    """Steps from bands back to bins when an image is decoded."""


class LogMel(LevelRepresentation):
    """One row per mel band, each the weighted mean of the magnitudes of its bins.

    When nothing is set, windows overlap four times: with the frames of so small an image a longer
    window would blur time more than the bands can hold frequency.
    """

    Options: ClassVar[type[LogMelOptions]] = LogMelOptions
    options: LogMelOptions

    def __init__(self, options: LogMelOptions, clip: ClipSpec, image: ImageSpec) -> None:
        n_mels = options.n_mels or image.height
        stft = _resolve(options, clip, image, n_mels)
        mel = _mel_settings(options, clip, stft, n_mels)
        resolved = options.model_copy(
            update={
                "n_fft": stft.n_fft,
                "hop_length": stft.hop_length,
                "win_length": stft.win_length,
                "window": stft.window,
                "n_mels": n_mels,
                "f_max_hz": mel.f_max_hz,
            }
        )
        super().__init__(resolved, clip, image, stft, n_rows=n_mels)
        self.weights = filterbank(mel)

    def rows(self, magnitude: Tensor) -> Tensor:
        """The mel bands."""
        return self.weights @ magnitude

    def magnitude(self, rows: Tensor) -> Tensor:
        """Magnitudes of the bins that give these bands."""
        return invert_mel(rows, self.weights, n_iterations=self.options.inverse_iterations)

    def bands(self, rows: Tensor) -> Bands:
        """The rows are mel bands."""
        return Bands(self.weights, rows)


def _resolve(options: LogMelOptions, clip: ClipSpec, image: ImageSpec, n_mels: int) -> STFTSettings:
    """The analysis that the options ask for.

    Raises:
        ConfigError: The numbers do not fit each other; names the key.
    """
    hop_length = options.hop_length or automatic_hop(clip, image)
    win_length = options.win_length
    if not win_length:
        wanted = max(4 * hop_length, 2 * n_mels)
        win_length = min(wanted, options.n_fft) if options.n_fft else wanted
    return resolve_window(options, options.n_fft or fast_length(win_length), hop_length, win_length)


def _mel_settings(
    options: LogMelOptions, clip: ClipSpec, stft: STFTSettings, n_mels: int
) -> MelSettings:
    """The filterbank that the options ask for.

    Raises:
        ConfigError: The bands do not fit the sample rate; names the key.
    """
    f_max_hz = options.f_max_hz or clip.sample_rate / 2
    try:
        return MelSettings(
            clip.sample_rate, stft.n_fft, n_mels, options.f_min_hz, f_max_hz, options.mel_scale
        )
    except ConfigError as error:
        raise ConfigError(f"{KEYS}{error}") from None
