"""A picture that carries its parameters: the sound it was drawn from."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.audio.picture import palette
from soundgan.errors import ArtefactError
from soundgan.pictures.open import Picture, Pixels
from soundgan.pipelines.picture_text import KEY, PictureText, Plot, decode_text, rebuild
from soundgan.representations.contract import Representation
from soundgan.representations.levels import resize

_PIXELS_AT_ONCE = 1 << 14


def text_of(picture: Picture, place: str) -> PictureText | None:
    """The parameters inside a picture, or ``None`` where it has to be read as a stranger's.

    Raises:
        ArtefactError: There are some, but damaged.
    """
    if KEY not in picture.metadata:
        return None
    text = decode_text(picture.metadata[KEY], place)
    if text.colormap:
        import matplotlib  # noqa: PLC0415 - half a second that grey ones need not wait for

        if text.colormap not in matplotlib.colormaps:
            raise ArtefactError(f"{place}: damaged parameters inside: no colour map of that name")
    return text if text.plot is None or _fits(text.plot, text, picture.pixels) else None


def image_of(pixels: Pixels, text: PictureText, place: str) -> tuple[Representation, Tensor]:
    """The representation of a picture and its image [1, C, F, T] in [-1, 1]; three of stereo.

    A picture of another height has been scaled, and is scaled back. One of another width alone
    has been cut or continued, and its sound is as much shorter or longer.

    Args:
        pixels: [H, W, C] as opened.
        text: The parameters inside.
        place: File to name in errors.

    Raises:
        ArtefactError: The parameters do not fit each other.
    """
    drawn = text.representation
    if text.plot is not None:
        pixels = _data(text.plot, text, pixels)
    levels = torch.from_numpy(_levels(pixels, text.colormap)[::-1].copy())
    height = text.n_planes * drawn.height
    if levels.shape[0] != height:
        levels = resize(levels[None], height, drawn.width)[0].clamp(-1.0, 1.0)
    representation = rebuild(text, place, width=levels.shape[1])
    if text.channels == 1:
        return representation, levels.expand(1, drawn.channels, -1, -1)
    # The lowest rows are the lower edge of the picture, where the right side is.
    return representation, levels.view(text.n_planes, drawn.height, -1).flip(0)[None]


def _fits(plot: Plot, text: PictureText, pixels: Pixels) -> bool:
    """Whether the data of a plot still lie where they were drawn."""
    drawn = text.representation
    return (
        pixels.shape[:2] == (plot.canvas_height, plot.canvas_width)
        and plot.top + plot.cell_height * drawn.height <= plot.canvas_height
        and plot.left + plot.cell_width * drawn.width <= plot.canvas_width
    )


def _data(plot: Plot, text: PictureText, pixels: Pixels) -> Pixels:
    """The middle pixel of every point of a plot's image."""
    drawn = text.representation
    rows = plot.top + plot.cell_height // 2 + plot.cell_height * np.arange(drawn.height)
    columns = plot.left + plot.cell_width // 2 + plot.cell_width * np.arange(drawn.width)
    return pixels[np.ix_(rows, columns)]


def _levels(pixels: Pixels, colormap: str) -> NDArray[np.float32]:
    """Levels [H, W] in [-1, 1] of pixels [H, W, C]."""
    if colormap and pixels.shape[2] == 3:
        colours = pixels.reshape(-1, 3).astype(np.float32)
        places = [
            _nearest(colours[start : start + _PIXELS_AT_ONCE], colormap)
            for start in range(0, len(colours), _PIXELS_AT_ONCE)
        ]
        steps = np.concatenate(places).reshape(pixels.shape[:2])
        return np.asarray(steps * (2.0 / 255.0) - 1.0, np.float32)
    full = float(np.iinfo(pixels.dtype).max)
    grey: NDArray[np.float64] = pixels.mean(axis=2, dtype=np.float64)
    levels: NDArray[np.float32] = (grey * (2.0 / full) - 1.0).astype(np.float32)
    return levels


def _nearest(colours: NDArray[np.float32], colormap: str) -> NDArray[np.int64]:
    """Place in the colour map of the colour nearest to each of ``colours`` [N, 3]."""
    known = palette(colormap).astype(np.float32)
    # |c - k|^2 without |c|^2, which is the same for every k
    distances = (known**2).sum(axis=1) - 2.0 * (colours @ known.T)
    return np.asarray(distances.argmin(axis=1), np.int64)
