"""A picture that says nothing of itself: what is read from it, and what has to be assumed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from soundgan.audio.scale import from_levels
from soundgan.audio.stft import STFTSettings
from soundgan.errors import PictureError
from soundgan.pictures.axis import to_linear_bins
from soundgan.pictures.open import Picture
from soundgan.pictures.reading import Assumption, Reading, eight_bit, read_levels
from soundgan.pictures.ticks.axes import Axes, read_axes
from soundgan.pictures.tools import TOOLS
from soundgan.pictures.tools.contract import Columns, Tool, View, retimed
from soundgan.pictures.tools.recognise import recognised
from soundgan.pictures.turned import upright
from soundgan.pipelines.invert.known import Known
from soundgan.pipelines.invert.stated import Stated
from soundgan.pipelines.invert.told import area_db, told_by_riffusion
from soundgan.pipelines.spectrogram.draw import REDUNDANCY, automatic_n_fft
from soundgan.representations.levels import LevelOptions, resize, resolve_window

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
        reading: The picture as levels.
    """

    magnitude: Tensor
    stft: STFTSettings
    sample_rate: int
    n_samples: int
    assumptions: tuple[Assumption, ...]
    reading: Reading


def sketch(picture: Picture, stated: Stated, place: str) -> Sketch:
    """The magnitudes of a picture that somebody else has drawn.

    Raises:
        UsageError: A colour map or crop that does not exist.
        PictureError: What was stated makes no sound, or one too long.
    """
    stated, told = told_by_riffusion(picture, stated)
    reading = read_levels(
        picture,
        colormap=stated.colormap,
        crop=stated.crop,
        overlays=stated.overlays,
        panel=stated.panel,
    )
    printed = Axes() if told else read_axes(eight_bit(picture), reading.box)
    view = View(eight_bit(picture), reading.box, str(reading.colormap), printed)
    tool, by = drawn_by(view, stated.drawn_by)
    known = Known(stated, printed, reading.box, bar=reading.bar, tool=tool)
    standing = upright(reading.levels, known.turn)
    columns = None
    if tool is not None and tool.columns is not None:
        columns = tool.columns(standing, known.seconds, known.f_max_hz)
        standing = retimed(standing, columns)
    levels = torch.from_numpy(standing)
    n_samples = max(1, round(known.seconds * known.sample_rate))
    n_fft = stated.n_fft or _window(known.sample_rate, columns)
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
        raised_hz=known.raised_hz,
    )
    shares = torch.from_numpy(bins).clamp(0.0, 1.0)
    if known.power is None:
        decibels = (shares - 1.0) * known.range_db
    else:
        decibels = (20.0 / known.power) * shares.clamp(min=1e-9).log10()
        if told:
            decibels = decibels - area_db(stft.n_bins, known.sample_rate)[:, None]
        decibels = decibels.clamp(min=-known.range_db, max=0.0)
    magnitude = from_levels(decibels, full_scale=stft.full_scale, floor_db=-known.range_db)
    return Sketch(
        magnitude[None],
        stft,
        known.sample_rate,
        n_samples,
        (*told, *by, *reading.assumptions, *known.assumptions),
        reading,
    )


def drawn_by(view: View, stated: str | None) -> tuple[Tool | None, tuple[Assumption, ...]]:
    """The program that drew a picture, as stated or recognised, and what it was recognised by."""
    if stated is not None:
        return TOOLS.load(stated), ()
    name, signs = recognised(view)
    if not name:
        return None, ()
    return TOOLS.load(name), (Assumption("drawn by", name, "drawn_by", signs, read=True),)


def _window(sample_rate: int, columns: Columns | None) -> int:
    """Samples of a window, no longer than those that a picture was drawn with."""
    automatic = automatic_n_fft(sample_rate)
    if columns is None:
        return automatic
    return min(automatic, 1 << max(5, round(math.log2(columns.window_s * sample_rate))))
