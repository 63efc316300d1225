"""What the log-spectrogram representations share: analysis, size, levels and their mapping."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterable
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor
from torch.nn.functional import interpolate

from soundgan.audio.mel import Bands
from soundgan.audio.scale import from_levels, to_levels
from soundgan.audio.stft import STFTSettings, stft
from soundgan.config.settings import Settings
from soundgan.errors import ArtefactError, AudioError, ConfigError, NothingUsableError
from soundgan.representations.contract import Decoded, Representation
from soundgan.representations.level_meter import LevelMeter
from soundgan.runtime.threads import map_in_threads
from soundgan.shapes import ClipSpec, ImageSpec

KEYS = "representation.options."
"""Where the options of a representation stand in a config."""

GAUSS_FROM_REDUNDANCY = 6.0
"""With this many overlapping windows or more a truncated Gaussian loses less than a Hann window."""

_TOGETHER = 8
"""Images whose rows are turned into bins at once, in one thread."""

MIN_STD_DB = 5.0
"""Rows that hardly vary are not blown up beyond this."""


class LevelOptions(Settings):
    """Options of a log spectrogram; a size of 0 means automatic, from the clip and the image."""

    n_fft: int = Field(default=0, ge=0, le=1 << 16)
    """Transform size, samples, even; 0 = automatic."""
    hop_length: int = Field(default=0, ge=0, le=1 << 16)
    """Distance between frames, samples; 0 = as many frames as the image has columns."""
    win_length: int = Field(default=0, ge=0, le=1 << 16)
    """Window length, samples; 0 = automatic."""
    window: Literal["auto", "hann", "gauss"] = "auto"
    """Window shape; auto = gauss where six or more windows overlap, else hann."""
    floor_db: float = Field(default=-80.0, ge=-160.0, le=-20.0)
    """Level of silence, dB below a full-scale sine."""
    normalisation: Literal["global", "per_bin"] = "global"
    """One mapping of levels to [-1, 1] for the whole image, or one per frequency row."""


class LevelRepresentation(Representation):
    """Images of levels in decibels; 0 dB is a sine of amplitude 1.

    Levels are absolute: nothing is scaled per image. Row r of an image holds
    ``(level - centre_db[r]) / half_range_db[r]``, with constants that :meth:`fit` measures so that
    the data fills [-1, 1] without clipping. Images of another size than the spectrogram are
    reached by antialiased bicubic resizing of the levels. Decoding goes item by item, so an item's
    result does not depend on its batch.

    Attributes:
        options: The options with every automatic value filled in.
        n_rows: Frequency rows of the spectrogram before resizing.
        n_frames: Frames of the spectrogram before resizing.
    """

    options: LevelOptions

    def __init__(
        self,
        options: LevelOptions,
        clip: ClipSpec,
        image: ImageSpec,
        stft: STFTSettings,
        n_rows: int,
    ) -> None:
        if image.channels not in (1, 3):
            raise ConfigError(f"image.channels: must be 1 or 3, got {image.channels}")
        self.options = options
        self.clip = clip
        self.image = image
        self.stft = stft
        self.n_rows = n_rows
        self.n_frames = frame_count(clip, image, stft)
        self._set_range(torch.zeros(image.height))

    @abstractmethod
    def rows(self, magnitude: Tensor) -> Tensor:
        """Magnitudes [B, n_rows, T] that the image shows, of STFT magnitudes [B, n_bins, T]."""

    @abstractmethod
    def magnitude(self, rows: Tensor) -> Tensor:
        """STFT magnitudes [b, n_bins, T] for the magnitudes [b, n_rows, T] of some images."""

    def fit(self, batches: Iterable[Tensor]) -> None:
        """Measure the range of the levels.

        Raises:
            NothingUsableError: There are no clips.
        """
        meter = self.meter()
        for waveform in batches:
            meter.add(self.levels(waveform))
        self.set_range_of(meter)

    def fit_and_encode(self, batches: Iterable[Tensor], count: int) -> Tensor:
        """:meth:`fit`, and the images [count, C, F, T] of the clips, of whose levels they are made.

        Raises:
            NothingUsableError: There are no clips.
        """
        kept = torch.empty(count, self.image.height, self.image.width)
        meter, at = self.meter(), 0
        for waveform in batches:
            levels = self.levels(waveform)
            kept[at : at + len(levels)] = levels
            at += len(levels)
            meter.add(levels)
        self.set_range_of(meter)
        return self.image_of(kept)

    def meter(self) -> LevelMeter:
        """What has seen no levels yet."""
        return LevelMeter(self.image.height, self.options.floor_db)

    def set_range_of(self, meter: LevelMeter) -> None:
        """Show the levels that a meter has seen.

        Raises:
            NothingUsableError: There were none.
        """
        if meter.n_columns == 0:
            raise NothingUsableError("no clips to measure the representation on")
        if self.options.normalisation == "global":
            self._set_range(meter.highest.max().expand(self.image.height))
            return
        mean, std = meter.mean, meter.std.clamp(min=MIN_STD_DB)
        top = ((meter.highest - mean) / std).max()
        bottom = ((meter.lowest - mean) / std).min()
        self._centre = (mean + std * (top + bottom) / 2).float()
        self._half_range = (std * (top - bottom) / 2).clamp(min=MIN_STD_DB / 2).float()

    def _set_range(self, highest: Tensor) -> None:
        """Map the floor to -1 and the level ``highest`` [F] to 1."""
        floor_db = self.options.floor_db
        highest = highest.clamp(min=floor_db + MIN_STD_DB)
        self._centre = (highest + floor_db) / 2
        self._half_range = (highest - floor_db) / 2

    def statistics(self) -> dict[str, Tensor]:
        """``centre_db`` and ``half_range_db``, each [F]."""
        return {"centre_db": self._centre.clone(), "half_range_db": self._half_range.clone()}

    def load_statistics(self, statistics: dict[str, Tensor]) -> None:
        """Take what :meth:`statistics` returned elsewhere.

        Raises:
            ArtefactError: Wrong names, shapes or values.
        """
        expected = self.statistics()
        if statistics.keys() != expected.keys():
            raise ArtefactError(
                f"representation statistics: expected {sorted(expected)}, got {sorted(statistics)}"
            )
        for name, tensor in statistics.items():
            if tensor.shape != expected[name].shape or tensor.dtype != torch.float32:
                raise ArtefactError(
                    f"representation statistics: {name}: expected float32 of shape "
                    f"{list(expected[name].shape)}, got {tensor.dtype} of {list(tensor.shape)}"
                )
            if not torch.isfinite(tensor).all():
                raise ArtefactError(f"representation statistics: {name}: not finite")
        if not (statistics["half_range_db"] > 0).all():
            raise ArtefactError("representation statistics: half_range_db: not positive")
        self._centre = statistics["centre_db"].clone()
        self._half_range = statistics["half_range_db"].clone()

    def levels(self, waveform: Tensor) -> Tensor:
        """Levels in dB [B, F, T], in the size of the image, of waveforms [B, N].

        Raises:
            AudioError: The waveforms do not have the length of the clips.
        """
        if waveform.ndim != 2 or waveform.shape[1] != self.clip.n_samples:
            raise AudioError(
                f"waveforms: expected [B, {self.clip.n_samples}], got {list(waveform.shape)}"
            )
        return self.levels_of(stft(waveform, self.stft, n_frames=self.n_frames).abs())

    def levels_of(self, magnitude: Tensor) -> Tensor:
        """Levels in dB [B, F, T], in the size of the image, of STFT magnitudes [B, n_bins, T]."""
        levels = to_levels(
            self.rows(magnitude),
            full_scale=self.stft.full_scale,
            floor_db=self.options.floor_db,
        )
        resized = resize(levels, self.image.height, self.image.width)
        return resized.clamp(min=self.options.floor_db)

    def encode(self, waveform: Tensor) -> Tensor:
        """Images [B, C, F, T] of waveforms [B, N]; levels outside the measured range are clipped.

        Raises:
            AudioError: The waveforms do not have the length of the clips.
        """
        return self.image_of(self.levels(waveform))

    def image_of(self, levels: Tensor) -> Tensor:
        """Images [B, C, F, T] in the memory of their levels [B, F, T], if of one channel."""
        image = levels.sub_(self._centre[:, None]).div_(self._half_range[:, None]).clamp_(-1.0, 1.0)
        channels = self.image.channels
        whole = image[:, None].contiguous()
        return whole if channels == 1 else whole.repeat(1, channels, 1, 1)

    def bands(self, rows: Tensor) -> Bands | None:
        """The bands with magnitudes [B, n_rows, T], where :meth:`magnitude` guesses the bins."""
        del rows
        return None

    def decode(self, image: Tensor) -> Decoded:
        """Magnitudes for images [B, C, F, T]; values clip to [-1, 1].

        Raises:
            AudioError: The images do not have the declared size, or are not finite.
        """
        rows = self.shown_rows(image)
        magnitude = torch.cat(map_in_threads(self.magnitude, torch.split(rows, _TOGETHER)))
        return Decoded(magnitude, self.bands(rows))

    def shown_rows(self, image: Tensor) -> Tensor:
        """Magnitudes [B, n_rows, n_frames] that images [B, C, F, T] show.

        Raises:
            AudioError: The images do not have the declared size, or are not finite.
        """
        if image.shape[1:] != self.image.shape:
            raise AudioError(
                f"images: expected [B, {', '.join(map(str, self.image.shape))}], "
                f"got {list(image.shape)}"
            )
        if not torch.isfinite(image).all():
            raise AudioError("images: not finite; the model that made them is broken")
        if not len(image):
            return image.new_zeros(0, self.n_rows, self.n_frames)
        return torch.stack(map_in_threads(self._rows_of, list(image.detach())))

    def _rows_of(self, image: Tensor) -> Tensor:
        """Magnitudes [n_rows, n_frames] that one image [C, F, T] shows."""
        plane = image[0] if self.image.channels == 1 else image.mean(dim=0)
        levels = plane.clamp(-1.0, 1.0) * self._half_range[:, None] + self._centre[:, None]
        return from_levels(
            resize(levels[None], self.n_rows, self.n_frames)[0],
            full_scale=self.stft.full_scale,
            floor_db=self.options.floor_db,
        )


def resize(levels: Tensor, height: int, width: int) -> Tensor:
    """Levels [B, F, T] in another size: bicubic, antialiased when it shrinks."""
    if levels.shape[1:] == (height, width):
        return levels
    return interpolate(levels[:, None], (height, width), mode="bicubic", antialias=True)[:, 0]


def automatic_hop(clip: ClipSpec, image: ImageSpec) -> int:
    """The hop that makes one frame per image column."""
    return max(1, math.ceil(clip.n_samples / image.width))


def frame_count(clip: ClipSpec, image: ImageSpec, stft: STFTSettings) -> int:
    """Frames analysed: the image's columns where the hop fits them, else what the clip needs."""
    if stft.hop_length == automatic_hop(clip, image):
        return image.width
    return stft.n_frames(clip.n_samples)


def resolve_window(
    options: LevelOptions, n_fft: int, hop_length: int, win_length: int
) -> STFTSettings:
    """The analysis, with the window's shape chosen.

    Raises:
        ConfigError: The numbers do not fit each other; names the key.
    """
    shape = options.window
    if shape == "auto":
        shape = "gauss" if win_length >= GAUSS_FROM_REDUNDANCY * hop_length else "hann"
    try:
        return STFTSettings(n_fft, hop_length, win_length, shape)
    except ConfigError as error:
        raise ConfigError(f"{KEYS}{error}") from None


def fast_length(at_least: int) -> int:
    """The smallest even transform size without prime factors above 5."""
    n = max(2, at_least + at_least % 2)
    while not _is_smooth(n):
        n += 2
    return n


def _is_smooth(n: int) -> bool:
    for prime in (2, 3, 5):
        while n % prime == 0:
            n //= prime
    return n == 1
