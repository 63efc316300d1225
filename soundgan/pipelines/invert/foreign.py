"""A picture that says nothing of itself: what is read from it, and what has to be assumed."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from soundgan.audio.scale import from_levels
from soundgan.audio.stft import STFTSettings
from soundgan.errors import PictureError
from soundgan.pictures.axis import to_linear_bins
from soundgan.pictures.open import Picture
from soundgan.pictures.reading import Assumption, read_levels
from soundgan.pipelines.invert.stated import Stated
from soundgan.pipelines.spectrogram.draw import REDUNDANCY, automatic_n_fft
from soundgan.representations.levels import LevelOptions, resize, resolve_window

DEFAULT_SAMPLE_RATE = 22050
DEFAULT_RANGE_DB = 80.0
COLUMNS_PER_SECOND = 100
"""Of a picture whose duration nobody states: the 5 s of a plot of common size."""
DEFAULT_AXIS = "linear"
LOWEST_HZ = 20.0
"""Lower edge of a logarithmic axis, which has no 0 Hz."""

_MOST_CELLS, _MOST_ROWS = 1 << 25, 2048
"""Magnitudes of one sound, 128 MiB; and rows that are told apart."""


@dataclass(frozen=True, eq=False)
class Sketch:
    """A foreign picture as magnitudes.

    Attributes:
        magnitude: [1, n_bins, n_frames], of a loudness of no meaning.
        stft: The analysis that they are taken to belong to.
        sample_rate: Hz.
        n_samples: Length of the sound.
        assumptions: In the order they were made.
    """

    magnitude: Tensor
    stft: STFTSettings
    sample_rate: int
    n_samples: int
    assumptions: tuple[Assumption, ...]


def sketch(picture: Picture, stated: Stated, place: str) -> Sketch:
    """The magnitudes of a picture that somebody else has drawn.

    Raises:
        UsageError: A colour map or crop that does not exist.
        PictureError: What was stated makes no sound, or one too long.
    """
    reading = read_levels(picture, colormap=stated.colormap, crop=stated.crop)
    levels = torch.from_numpy(reading.levels)
    known = _Known(stated, n_columns=levels.shape[1])
    n_samples = max(1, round(known.seconds * known.sample_rate))
    n_fft = stated.n_fft or automatic_n_fft(known.sample_rate)
    hop_length = max(1, n_fft // REDUNDANCY)
    stft = resolve_window(LevelOptions(), n_fft, hop_length, n_fft)
    n_frames = stft.n_frames(n_samples)
    if stft.n_bins * n_frames > _MOST_CELLS:
        raise PictureError(
            f"{place}: {known.seconds:g} s at {known.sample_rate} Hz are too long for one picture; "
            "lower `seconds` or `sample_rate`"
        )
    n_rows = min(levels.shape[0], _MOST_ROWS)
    timed = resize(levels[None], n_rows, n_frames)[0].clamp(0.0, 1.0)
    bins = to_linear_bins(
        timed.numpy(),
        axis=known.axis,
        f_min_hz=known.f_min_hz,
        f_max_hz=known.f_max_hz,
        sample_rate=known.sample_rate,
        n_fft=n_fft,
    )
    decibels = (torch.from_numpy(bins).clamp(0.0, 1.0) - 1.0) * known.range_db
    magnitude = from_levels(decibels, full_scale=stft.full_scale, floor_db=-known.range_db)
    return Sketch(
        magnitude[None],
        stft,
        known.sample_rate,
        n_samples,
        (*reading.assumptions, *known.assumptions),
    )


class _Known:
    """What was stated, completed by defaults, each of them noted."""

    def __init__(self, stated: Stated, *, n_columns: int) -> None:
        self.assumptions: list[Assumption] = []
        self.seconds = self._number(
            "duration, s",
            stated.seconds,
            n_columns / COLUMNS_PER_SECOND,
            "seconds",
            f"{COLUMNS_PER_SECOND} columns a second",
        )
        self.axis = stated.axis or DEFAULT_AXIS
        if stated.axis is None:
            self._note("frequency axis", self.axis, "axis", "the default")
        wanted_rate = DEFAULT_SAMPLE_RATE
        why = "the default"
        if stated.f_max_hz is not None and 2 * stated.f_max_hz > wanted_rate:
            wanted_rate, why = round(2 * stated.f_max_hz), "twice `f_max`"
        self.sample_rate = int(
            self._number("sample rate, Hz", stated.sample_rate, wanted_rate, "sample_rate", why)
        )
        self.f_min_hz = self._number(
            "lowest frequency, Hz",
            stated.f_min_hz,
            LOWEST_HZ if self.axis == "log" else 0.0,
            "f_min",
            f"usual on a {self.axis} axis",
        )
        self.f_max_hz = self._number(
            "highest frequency, Hz",
            stated.f_max_hz,
            self.sample_rate / 2,
            "f_max",
            "half the sample rate",
        )
        self.range_db = self._number(
            "level range, dB", stated.range_db, DEFAULT_RANGE_DB, "range_db", "the default"
        )

    def _number(
        self, name: str, stated: float | None, default: float, parameter: str, why: str
    ) -> float:
        if stated is not None:
            return stated
        self._note(name, f"{default:g}", parameter, why)
        return default

    def _note(self, name: str, value: str, parameter: str, why: str) -> None:
        self.assumptions.append(Assumption(name, value, parameter, why))
