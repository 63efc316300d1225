"""A waveform as a picture that carries its parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.audio.outline import Outline, measure_outline
from soundgan.audio.picture import MAX_PIXELS, spectrogram_png
from soundgan.config.parts import load_part
from soundgan.config.schema import Component
from soundgan.errors import AudioError, UsageError
from soundgan.pipelines.picture_text import (
    KEY,
    PictureText,
    describe_representation,
    encode_text,
)
from soundgan.pipelines.spectrogram.plot import plot_png
from soundgan.representations import REPRESENTATIONS
from soundgan.representations.contract import Representation
from soundgan.shapes import ClipSpec, ImageSpec

WINDOW_SECONDS = 0.046
"""Length of the analysis that a transform size is chosen from: long enough to tell the harmonics
of a voice apart, short enough for a drum."""

REDUNDANCY = 8
"""Windows that overlap at a sample when no hop is given."""

LOWEST_FLOOR_DB, HIGHEST_FLOOR_DB = -160.0, -20.0


@dataclass(frozen=True)
class Analysis:
    """What a picture of a sound shows.

    Attributes:
        n_fft: Transform size, samples; 0 = the power of two nearest to :data:`WINDOW_SECONDS`.
        hop_length: Samples from column to column; 0 = an eighth of ``n_fft``.
        n_mels: Mel bands; 0 = linear frequency.
        range_db: Level of silence below the loudest point of the sound.
    """

    n_fft: int = 0
    hop_length: int = 0
    n_mels: int = 0
    range_db: float = 100.0


@dataclass(frozen=True)
class Look:
    """How a picture looks.

    Attributes:
        colormap: Name of a colour map, empty for 16-bit grey.
        axes: Draw time, frequency and level beside it.
        title: Text above a plot with axes.
    """

    colormap: str = ""
    axes: bool = False
    title: str = ""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A waveform's representation and image.

    Attributes:
        name: Registered name of the representation.
        representation: Fitted to the waveform, or a model's.
        image: [F, T] in [-1, 1].
        outline: How the waveform starts and ends; ``None`` for silence.
    """

    name: str
    representation: Representation
    image: Tensor
    outline: Outline | None = None


def automatic_n_fft(sample_rate: int) -> int:
    """The power of two nearest to :data:`WINDOW_SECONDS`."""
    return 1 << max(5, round(math.log2(WINDOW_SECONDS * sample_rate)))


def analyse(samples: NDArray[np.float32], sample_rate: int, analysis: Analysis) -> Drawn:
    """The image of a waveform [N], with a range of its own that nothing is clipped by.

    Raises:
        AudioError: The picture would be too large.
        UsageError: The sizes do not fit each other.
    """
    n_fft = analysis.n_fft or automatic_n_fft(sample_rate)
    hop_length = analysis.hop_length or max(1, n_fft // REDUNDANCY)
    if hop_length >= n_fft:
        raise UsageError(f"`hop={hop_length}`: must be below the {n_fft} samples of `n_fft`")
    # Half the sample rate too: a bin of noise left out is -24 dB of spectral convergence.
    height = analysis.n_mels or n_fft // 2 + 1
    width = -(-len(samples) // hop_length)
    if height * width > MAX_PIXELS:
        raise AudioError(
            f"{len(samples) / sample_rate:.0f} s at {sample_rate} Hz make a picture of {width} x "
            f"{height} pixels, at most {MAX_PIXELS} are drawn; cut the sound or raise `hop`"
        )
    name = "log_mel" if analysis.n_mels else "log_magnitude"
    waveform = torch.from_numpy(samples)[None]
    options = {"n_fft": n_fft, "hop_length": hop_length}

    def build(floor_db: float) -> Representation:
        component = Component(name=name, options={**options, "floor_db": floor_db})
        part, checked = load_part(REPRESENTATIONS, component, "representation", "spectrogram")
        clip = ClipSpec(sample_rate, len(samples))
        representation: Representation = part(checked, clip, ImageSpec(1, height, width))
        representation.fit([waveform])
        return representation

    representation = build(LOWEST_FLOOR_DB)
    # The range ends at the loudest point, as nothing is normalised row by row.
    measured = representation.statistics()
    loudest = float((measured["centre_db"] + measured["half_range_db"]).max())
    floor_db = max(LOWEST_FLOOR_DB, min(HIGHEST_FLOOR_DB, loudest - analysis.range_db))
    representation = build(floor_db)
    outline = measure_outline([waveform], sample_rate, with_peak=False)
    return Drawn(name, representation, representation.encode(waveform)[0, 0], outline)


def encode_like(samples: NDArray[np.float32], name: str, representation: Representation) -> Drawn:
    """The image of a waveform [N] in a model's representation; cut or filled to its clip."""
    clip = torch.zeros(1, representation.clip.n_samples)
    n_samples = min(len(samples), clip.shape[1])
    clip[0, :n_samples] = torch.from_numpy(samples[:n_samples])
    outline = measure_outline([clip], representation.clip.sample_rate, with_peak=False)
    return Drawn(name, representation, representation.encode(clip)[0].mean(dim=0), outline)


def picture(drawn: Drawn, look: Look, *, texts: Mapping[str, str] | None = None) -> bytes:
    """The PNG of an image, with everything inside that turns it back into a waveform.

    Raises:
        AudioError: A plot with axes would be too large.
    """
    levels = drawn.image.numpy()
    entries = describe_representation(drawn.name, drawn.representation)
    entries["outline"] = drawn.outline
    if look.axes:
        return plot_png(levels, drawn.representation, entries, look.colormap, look.title, texts)
    text = PictureText(**entries, colormap=look.colormap)
    return spectrogram_png(
        levels,
        metadata={**(texts or {}), KEY: encode_text(text)},
        colormap=look.colormap or None,
    )
