"""The sound of one picture."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from soundgan.audio.level import PEAK_DB, amplitude
from soundgan.audio.outline import Outline, gentle_outline
from soundgan.codec.build import stereo_codec
from soundgan.codec.contract import Codec
from soundgan.codec.spectrogram import SpectrogramCodec
from soundgan.errors import ArtefactError, ConfigError
from soundgan.pictures.open import Picture
from soundgan.pictures.reading import Assumption, Reading
from soundgan.pipelines.invert.foreign import Sketch, sketch
from soundgan.pipelines.invert.method import Method, choose_method
from soundgan.pipelines.invert.own import image_of, text_of
from soundgan.pipelines.invert.pair import sketch_pair
from soundgan.pipelines.invert.stated import Stated
from soundgan.pipelines.picture_text import PictureText, rebuild
from soundgan.pipelines.spectrogram.draw import Drawn
from soundgan.representations.contract import Representation


@dataclass(frozen=True, eq=False)
class InvertedSound:
    """A sound, how it was made, and how to draw it again.

    Attributes:
        waveform: [N] in [-1, 1], or left and right [2, N].
        sample_rate: Hz.
        method: The inversion.
        seed: Of what is random about it.
        assumptions: What the picture does not say and nobody stated.
        own: Whether the picture carried its parameters.
        drawn: What it was drawn from, where it says so.
        reading: What was read where a picture carries no parameters.
    """

    waveform: Tensor
    sample_rate: int
    method: Method
    seed: int
    assumptions: tuple[Assumption, ...]
    own: bool
    drawn: Drawn | None
    reading: Reading | None = None


def invert_picture(
    picture: Picture,
    stated: Stated,
    *,
    method: str | None,
    iterations: int | None,
    seed: int | None,
    place: str,
    stereo: bool = False,
) -> InvertedSound:
    """Turn a picture into a sound.

    Args:
        picture: As opened.
        stated: What the caller says about a picture that does not say it itself.
        method: Name of an inversion; ``None`` is what the picture names, else the default.
        iterations: Rounds of it; ``None`` is its own default.
        seed: Of what is random about it; ``None`` is what the picture names, else 0.
        place: What errors call the picture.
        stereo: The first two plots of a figure are left and right.

    Raises:
        UsageError: No such method, colour map or crop.
        PictureError: What was stated makes no sound, or one too long.
        ArtefactError: The parameters inside the picture are damaged.
    """
    text = text_of(picture, place)
    if text is None:
        chosen = choose_method(method, iterations)
        return _from_foreign(picture, stated, chosen, seed or 0, place, stereo=stereo)
    try:
        chosen = choose_method(method, iterations, drawn_with=text.inversion)
    except ConfigError as error:
        raise ArtefactError(f"{place}: damaged parameters inside: {error}") from error
    return _from_own(picture, text, chosen, text.seed if seed is None else seed, place)


def assumed(picture: Picture, stated: Stated, place: str) -> tuple[Assumption, ...]:
    """What has to be assumed of a picture, neither stated nor read from it.

    Raises:
        UsageError: No such colour map or crop.
        PictureError: What was stated makes no sound, or one too long.
        ArtefactError: The parameters inside the picture are damaged.
    """
    if text_of(picture, place) is not None:
        return ()
    return tuple(entry for entry in sketch(picture, stated, place).assumptions if not entry.read)


def _from_own(
    picture: Picture, text: PictureText, method: Method, seed: int, place: str
) -> InvertedSound:
    representation, image = image_of(picture.pixels, text, place)
    outline = text.outline
    if representation.clip != text.clip:  # cut or continued, with other ends than it was drawn with
        outline = gentle_outline(text.sample_rate)
    codec: Codec = SpectrogramCodec(representation, method.invert, outline=outline)
    if text.channels != 1:
        sides = rebuild(text, place, width=representation.image.width, sides=True)
        codec = stereo_codec(representation, sides, method.invert, outline=outline, place=place)
    return InvertedSound(
        codec.decode(image, [seed])[0],
        text.sample_rate,
        method,
        seed,
        (),
        own=True,
        drawn=_drawn(text, representation, image, outline),
    )


def _drawn(
    text: PictureText, representation: Representation, image: Tensor, outline: Outline | None
) -> Drawn | None:
    """How to draw the sound again; a stereo one is drawn as any other sound is."""
    if text.channels != 1:
        return None
    return Drawn(text.representation.name, representation, image[0].mean(dim=0), outline)


def _from_foreign(
    picture: Picture, stated: Stated, method: Method, seed: int, place: str, *, stereo: bool
) -> InvertedSound:
    if stereo:
        drawn, right, assumptions = sketch_pair(picture, stated, place)
        # Left and right keep their distance in level.
        waveform = torch.stack([_waveform(drawn, method, seed), _waveform(right, method, seed)])
    else:
        drawn = sketch(picture, stated, place)
        waveform, assumptions = _waveform(drawn, method, seed), drawn.assumptions
    peak = waveform.abs().max()
    if peak > 0:  # a picture says nothing about loudness
        waveform = waveform * (amplitude(PEAK_DB) / peak)
    return InvertedSound(
        waveform,
        drawn.sample_rate,
        method,
        seed,
        assumptions,
        own=False,
        drawn=None,
        reading=drawn.reading,
    )


def _waveform(drawn: Sketch, method: Method, seed: int) -> Tensor:
    """The sound [N] of a plot, as loud as its levels happen to make it."""
    waveforms = method.invert(
        drawn.magnitude,
        drawn.stft,
        n_samples=drawn.n_samples,
        seeds=[seed],
        outline=gentle_outline(drawn.sample_rate),
    )
    return waveforms[0]
