"""What a picture says of itself: everything that turns it back into the sound it was drawn from."""

from __future__ import annotations

import json
from typing import Any, Literal

import torch
from pydantic import Field
from torch import Tensor

from soundgan.audio.outline import Outline
from soundgan.audio.picture import MAX_PIXELS
from soundgan.codec.build import build_bounded
from soundgan.codec.contract import Codec
from soundgan.codec.spectrogram import spectrograms_of
from soundgan.codec.stereo import PLANES, SIDES, StereoCodec
from soundgan.config.load import check
from soundgan.config.schema import Component
from soundgan.config.settings import Settings
from soundgan.errors import ArtefactError, SoundGANError
from soundgan.representations.contract import Representation
from soundgan.shapes import ClipSpec, ImageSpec

KEY = "picture"
"""Name of this text among the texts of a picture."""


class DrawnRepresentation(Component):
    """The representation of one picture; as in a config, but as long as a sound may be."""

    channels: Literal[1, 3] = 1
    """Image channels."""
    height: int = Field(ge=1, le=1 << 16)
    """Image rows."""
    width: int = Field(ge=1, le=MAX_PIXELS)
    """Image columns."""


class Plot(Settings):
    """Where a plot with axes keeps its data."""

    canvas_width: int = Field(ge=1, le=1 << 16)
    """Pixels of the whole picture."""
    canvas_height: int = Field(ge=1, le=1 << 16)
    """Pixels of the whole picture."""
    left: int = Field(ge=0, le=1 << 16)
    """First column of the data, from 0."""
    top: int = Field(ge=0, le=1 << 16)
    """First row of the data, from 0."""
    cell_width: int = Field(ge=1, le=1024)
    """Pixels of one image column."""
    cell_height: int = Field(ge=1, le=1024)
    """Pixels of one image row."""


class PictureText(Settings):
    """The parameters inside a picture."""

    sample_rate: int = Field(ge=1000, le=768_000)
    """Hz."""
    n_samples: int = Field(ge=1, le=1 << 26)
    """Length of the sound."""
    representation: DrawnRepresentation
    """Waveform to image."""
    channels: Literal[1, 2] = 1
    """Of the sound; the planes of two lie above each other, mid, left and right."""
    statistics: dict[str, float | list[float]] = Field(default_factory=dict)
    """What the representation measured; a number stands for a whole vector of it."""
    inversion: Component | None = None
    """What made the sound, where the picture was drawn beside one."""
    outline: Outline | None = None
    """How the sound starts and ends, which its levels hardly tell."""
    seed: int = Field(default=0, ge=0, le=2**63 - 1)
    """Seed of the inversion."""
    colormap: str = ""
    """Colour map, empty for 16-bit grey."""
    plot: Plot | None = None
    """Where the data are, in a plot with axes."""

    @property
    def clip(self) -> ClipSpec:
        """Rate and length of the sound."""
        return ClipSpec(self.sample_rate, self.n_samples, self.channels)

    @property
    def n_planes(self) -> int:
        """How many images lie above each other."""
        return 1 if self.channels == 1 else PLANES


def describe_representation(name: str, representation: Representation) -> dict[str, Any]:
    """The entries of :class:`PictureText` that a representation gives."""
    image, clip = representation.image, representation.clip
    return {
        "sample_rate": clip.sample_rate,
        "n_samples": clip.n_samples,
        "representation": {
            "name": name,
            "options": representation.options.model_dump(),
            "channels": image.channels,
            "height": image.height,
            "width": image.width,
        },
        "statistics": {key: _packed(value) for key, value in representation.statistics().items()},
    }


def describe_codec(name: str, codec: Codec) -> dict[str, Any]:
    """The entries of :class:`PictureText` that a model's codec gives.

    Raises:
        UsageError: Its images are no spectrograms.
    """
    if not isinstance(codec, StereoCodec):
        return describe_representation(name, spectrograms_of(codec).representation)
    entries = describe_representation(name, codec.mid)
    packed = {key: _packed(value) for key, value in codec.statistics().items()}
    return entries | {"statistics": packed, "channels": codec.clip.channels}


def encode_text(text: PictureText) -> str:
    """The text as one line of JSON, without what has its default."""
    document = text.model_dump(exclude_defaults=True)
    return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)


def decode_text(text: str, place: str) -> PictureText:
    """What :func:`encode_text` wrote, or ``generate`` before it stored statistics.

    Raises:
        ArtefactError: It is damaged, or asks for more than a picture can hold.
    """
    try:
        found = check(PictureText, json.loads(text), place)
    except (ValueError, RecursionError, SoundGANError) as error:
        raise ArtefactError(f"{place}: damaged parameters inside: {error}") from error
    drawn = found.representation
    if found.n_planes * drawn.height * drawn.width > MAX_PIXELS:
        raise ArtefactError(f"{place}: parameters inside of more than {MAX_PIXELS} pixels")
    return found


def rebuild(
    text: PictureText, place: str, *, width: int | None = None, sides: bool = False
) -> Representation:
    """The representation of a picture, with its statistics.

    Args:
        text: The parameters inside the picture.
        place: File to name in errors.
        width: Columns of a picture that was cut or continued in time; its sound is as much
            shorter or longer.
        sides: That of the sides of a stereo sound, not of its mid.

    Raises:
        ArtefactError: The parameters do not fit each other.
    """
    drawn = text.representation
    width = width or drawn.width
    # Rounded up, the hop that makes one frame per column stays what it was.
    n_samples = -(-text.n_samples * width // drawn.width)
    clip = ClipSpec(text.sample_rate, n_samples, text.channels)
    statistics = text.statistics
    if text.channels != 1:
        statistics = {
            key.removeprefix(SIDES): value
            for key, value in statistics.items()
            if key.startswith(SIDES) == sides
        }
    try:
        component = Component(name=drawn.name, options=drawn.options)
        image = ImageSpec(drawn.channels, drawn.height, width)
        representation = build_bounded(component, clip, image, place)
        if statistics:
            expected = representation.statistics()
            representation.load_statistics(
                {key: _unpacked(value, expected.get(key)) for key, value in statistics.items()}
            )
    except (SoundGANError, ValueError) as error:
        raise ArtefactError(f"{place}: damaged parameters inside: {error}") from error
    return representation


def _packed(tensor: Tensor) -> float | list[float]:
    """A vector of float32 as numbers that give it back exactly, one where all are equal."""
    numbers = [float(f"{value:.9g}") for value in tensor.tolist()]
    return numbers[0] if len(set(numbers)) == 1 else numbers


def _unpacked(value: float | list[float], expected: Tensor | None) -> Tensor:
    if isinstance(value, list) or expected is None:
        return torch.tensor(value, dtype=torch.float32)
    return torch.full(expected.shape, value)
