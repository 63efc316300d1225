"""Which colour map a spectrogram was drawn with, and the level that each of its colours stands for.

Colours are compared in luma and chroma, with chroma counting less: a JPEG keeps the first far
better. The level of a colour is where on the map's curve the nearest point lies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundgan.errors import UsageError
from soundgan.pictures.palettes import COLOUR_MAPS, COMMON, colours_of
from soundgan.registry import did_you_mean

_CHROMA = 0.5
"""Weight of a chroma difference against one of luma."""

_TO_LUMA_CHROMA = np.array(
    [
        [0.299, 0.587, 0.114],
        [-0.1687 * _CHROMA, -0.3313 * _CHROMA, 0.5 * _CHROMA],
        [0.5 * _CHROMA, -0.4187 * _CHROMA, -0.0813 * _CHROMA],
    ],
    dtype=np.float32,
)
"""Luma and weighted chroma of red, green and blue, as JPEG defines them."""

_SAMPLES = 8192
"""Pixels that are looked at to recognise a map."""

_LOOKED_AT = 1 << 16
"""Pixels that are looked at to find its direction."""

_EXACT = 0.0012
"""Colours that lie so near to a common map are not compared with the others;"""

_FEW_SAMPLES = 1024
"""the others are compared with so many."""

_RARE_SHARE = 0.6
"""A map that is not common is believed where colours are no further from it than
so much of their distance from the best common one."""

_GREY_CHROMA = 0.03
"""Colours nearer to grey than this have no hue to tell a map by."""

_NEAR = 0.04
"""Hued pixels lie no further from their map in the mean."""

_HUE_SAMPLES = 1 << 17
_HUED_SHARE = 0.003
"""Where fewer pixels have a hue, a picture is grey."""

_HUED_NEAR = 0.35
"""A map is told by the hued pixels if these are so much nearer to it than to grey,"""

_STRAY = 0.15
"""but for so many strays, such as those of a grid;"""

_HUED_SPAN = 0.2
"""if they span so much of its levels,"""

_GREYS_OFF = 0.25
"""and if at most so many of all pixels are grey, not the ground, and on no colour of the map,"""

_GREYS_FOR_HUED = 4.0
"""nor more than so many for each hued one."""

_SAME_AS_BAR = 0.02
"""A colour bar shows a known map if it is no further from it in the mean;"""

_OFF_BAR = 0.04
"""and it is a plot's own if the plot's colours lie no further from it."""

_FEW = 1 << 20
_COLOURS_AT_ONCE = 1 << 16
_CODES = 1 << 24


@dataclass(frozen=True)
class ColourMap:
    """A colour map, and how well it explains a picture.

    Attributes:
        name: One of :data:`soundgan.pictures.palettes.COLOUR_MAPS`.
        reversed: Whether its last colour means silence.
        error: Mean distance of the picture's colours from the map's, where black to white is 1;
            0 for a map that was named and not detected.
        sampled: Its 256 colours as float32, where it is none of the known maps.
    """

    name: str
    reversed: bool
    error: float = 0.0
    sampled: bytes = field(default=b"", repr=False)

    @property
    def key(self) -> str | bytes:
        """What tells its colours: its name, or they themselves."""
        return self.sampled or self.name

    def __str__(self) -> str:
        return f"{self.name}_r" if self.reversed else self.name


def named_colormap(text: str) -> ColourMap:
    """The map that a user names: ``magma``, or ``magma_r`` for the reversed one.

    Raises:
        UsageError: No such map.
    """
    name = text.removesuffix("_r")
    if name not in COLOUR_MAPS:
        raise UsageError(
            f"`colormap={text}`: no such colour map; {did_you_mean(name, COLOUR_MAPS)}"
        )
    return ColourMap(name, reversed=text != name)


def colormap_of(colours: NDArray[np.float32], rgb: NDArray[np.uint8]) -> ColourMap | None:
    """The map that a colour bar shows, in its direction; ``None`` where a plot has other colours.

    Args:
        colours: Of the bar, from silence to the loudest, [256, 3] in 0..255.
        rgb: Colours [H, W, 3], of the plot.
    """
    points = _luma_chroma(colours)
    fits = [
        (float(np.sqrt(((points - curve) ** 2).sum(axis=1)).mean()), name, turned)
        for name in COLOUR_MAPS
        for turned, curve in ((False, _curve(name)), (True, _curve(name)[::-1]))
    ]
    nearest, name, turned = min(fits)
    own = colours.astype(np.float32).tobytes()
    key: str | bytes = name if nearest < _SAME_AS_BAR else own
    error = _mean_distance(_sampled(rgb), key)
    if error > _OFF_BAR:
        return None
    if key == name:
        return ColourMap(name, turned, error)
    return ColourMap("bar", reversed=False, error=error, sampled=own)


def detect_colormap(rgb: NDArray[np.uint8]) -> ColourMap:
    """The colour map that most likely made a picture, and its direction.

    The map is the one whose curve passes nearest to the picture's colours; pictures whose colours
    follow none, such as photographs, are taken for grey. Which end of the map is silence cannot
    be seen in a colour: see :func:`looks_reversed`.

    Args:
        rgb: Colours [H, W, 3], of the plot alone.
    """
    points = _sampled(rgb)
    errors = {name: _mean_distance(points, name) for name in COMMON}
    best = min(errors, key=errors.__getitem__)
    if errors[best] > _EXACT:
        told = _map_of_hued(rgb)
        if told is not None:
            best = told[0]
            errors[best] = told[1]
        elif errors[best] > 0.6 * errors["gray"]:
            best = "gray"
    coarse = rgb[:: _stride(rgb), :: _stride(rgb)]
    levels = to_level(coarse, ColourMap(best, reversed=False))
    return ColourMap(best, reversed=looks_reversed(levels, grey=best == "gray"), error=errors[best])


def _map_of_hued(rgb: NDArray[np.uint8]) -> tuple[str, float] | None:
    """The map of the pixels that have a hue, and its error: of few tones on black, or under a grid.

    What is grey or black is on many maps. A red line on a grey picture has a hue too, but the
    greys around it are on no map in colour.
    """
    points = _luma_chroma(rgb.reshape(-1, 3)[:: rgb.shape[0] * rgb.shape[1] // _HUE_SAMPLES | 1])
    hued = np.hypot(points[:, 1], points[:, 2]) > _GREY_CHROMA
    if float(hued.mean()) < _HUED_SHARE or hued.sum() < 32:
        return None
    share = float(hued.mean())
    colours = points[hued][:: int(hued.sum()) // _FEW_SAMPLES | 1]
    greys = points[~hued]
    if len(greys):  # but for the ground
        greys = greys[np.abs(greys - np.median(greys, axis=0)).max(axis=1) > 0.01]
    grey_share = len(greys) / len(points)
    greys = greys[:: len(greys) // _FEW_SAMPLES | 1]
    kept = max(1, round((1.0 - _STRAY) * len(colours)))
    distances = {name: np.sort(_distances(colours, name)) for name in COLOUR_MAPS}
    errors = {name: float(each.mean()) for name, each in distances.items()}
    without_strays = {name: float(each[:kept].mean()) for name, each in distances.items()}
    allowed = min(_NEAR, _HUED_NEAR * without_strays.pop("gray"))
    fitting = [name for name, error in without_strays.items() if error < allowed]
    best: str | None = None
    for name in sorted(fitting, key=errors.__getitem__):
        low, high = np.quantile(_levels_of(colours, name), (0.005, 0.995))
        off = float((_distances(greys, name) > 2.0 * _GREY_CHROMA).mean()) if len(greys) else 0.0
        off *= grey_share
        if off > min(_GREYS_OFF, _GREYS_FOR_HUED * share) or high - low < _HUED_SPAN:
            continue
        if name in COMMON:
            if best is None or errors[best] >= _RARE_SHARE * errors[name]:
                best = name
            break
        best = best or name
    return None if best is None else (best, errors[best])


def _stride(rgb: NDArray[np.uint8]) -> int:
    """Every how many rows and columns are enough to look at."""
    n_pixels = rgb.shape[0] * rgb.shape[1]
    return max(1, round(math.sqrt(n_pixels / _LOOKED_AT)))


def colormap_distance(rgb: NDArray[np.uint8], name: str) -> float:
    """Mean distance of colours [H, W, 3] from those of a map; black to white is 1."""
    return _mean_distance(_sampled(rgb), name)


def sampled_levels(rgb: NDArray[np.uint8], colormap: ColourMap) -> NDArray[np.float32]:
    """Levels [n] of some thousand colours from all over a picture [H, W, 3]."""
    levels = _levels_of(_sampled(rgb), colormap.key)
    return 1.0 - levels if colormap.reversed else levels


def map_distances(rgb: NDArray[np.uint8], colormap: ColourMap) -> NDArray[np.float32]:
    """How far each colour [H, W, 3] lies from those of a map, [H, W]; black to white is 1."""
    found, places = np.unique(_packed(rgb), return_inverse=True)
    distances = np.empty(len(found), np.float32)
    for start in range(0, len(found), _COLOURS_AT_ONCE):
        part = found[start : start + _COLOURS_AT_ONCE]
        distances[start : start + len(part)] = _distances(_unpacked(part), colormap.key)
    return distances[places.reshape(rgb.shape[:2])]


def looks_reversed(levels: NDArray[np.float32], *, grey: bool) -> bool:
    """Whether high levels are more likely silence than sound.

    In a spectrogram the floor is where many pixels lie at once, most pixels are quiet, and high
    frequencies, at the top, are quieter than low ones. In decibels, dips are sharper than peaks:
    where waves cancel there is nothing, and they add up to only so much. Maps in colour are
    rarely drawn reversed, grey often is (ink on paper), so colour needs more evidence.

    Args:
        levels: [H, W] in [0, 1], upright: the highest frequency first.
        grey: Whether the map is grey.
    """
    third = max(1, len(levels) // 3)
    at_ends = float((levels < 0.03).mean()) - float((levels > 0.97).mean())
    quiet = 0.5 - float(np.median(levels))
    tilt = float(levels[-third:].mean()) - float(levels[:third].mean())
    dips = -0.15 * max(-1.5, min(1.5, _skewness(levels)))
    return at_ends + quiet + tilt + dips < (0.0 if grey else -0.1)


def _skewness(levels: NDArray[np.float32]) -> float:
    """Whether pixels stick out of their neighbours upwards, positive, or downwards."""
    if min(levels.shape) < 3:
        return 0.0
    around = levels[:-2, 1:-1] + levels[2:, 1:-1] + levels[1:-1, :-2] + levels[1:-1, 2:]
    rest = levels[1:-1, 1:-1] - around / 4.0
    spread = math.sqrt(float((rest**2).mean()))
    return float((rest**3).mean()) / (spread**3 + 1e-9)


def to_level(rgb: NDArray[np.uint8], colormap: ColourMap) -> NDArray[np.float32]:
    """The level of every colour: the place of the nearest point on the colour map's curve.

    Grey is luma, so that a photograph is what it would be in black and white.

    Args:
        rgb: Colours [H, W, 3].
        colormap: The map, in the direction it was drawn with.

    Returns:
        Levels [H, W] in [0, 1].
    """
    codes = _packed(rgb)
    if codes.size <= _FEW:
        found, places = np.unique(codes, return_inverse=True)
        return _levels_of_codes(found, colormap)[places.reshape(codes.shape)]
    # Sorting would take longer than a table of all colours.
    present = np.zeros(_CODES, np.bool_)
    present[codes.reshape(-1)] = True
    there = np.flatnonzero(present)
    table = np.zeros(_CODES, np.float32)
    table[there] = _levels_of_codes(there, colormap)
    return np.asarray(table[codes], np.float32)


def _packed(rgb: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Colours [H, W, 3] as one number each."""
    weights = np.array([1 << 16, 1 << 8, 1], np.int32)
    return np.asarray((rgb.astype(np.int32) * weights).sum(axis=2, dtype=np.int32), np.int32)


def _unpacked(codes: NDArray[np.signedinteger[Any]]) -> NDArray[np.float32]:
    """Points [n, 3] of colours that are packed into one number each."""
    return _luma_chroma(np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1))


def _levels_of_codes(
    codes: NDArray[np.signedinteger[Any]], colormap: ColourMap
) -> NDArray[np.float32]:
    """Levels [n] of colours that are packed into one number each."""
    levels = np.empty(len(codes), np.float32)
    for start in range(0, len(codes), _COLOURS_AT_ONCE):
        part = codes[start : start + _COLOURS_AT_ONCE]
        levels[start : start + len(part)] = _levels_of(_unpacked(part), colormap.key)
    return 1.0 - levels if colormap.reversed else levels


def _sampled(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Points [n, 3] of some thousand colours from all over a picture."""
    colours = rgb.reshape(-1, 3)
    step = max(1, len(colours) // _SAMPLES)
    if step > 1:
        step |= 1  # an odd step does not keep to every other column
    return _luma_chroma(colours[::step])


def _luma_chroma(colours: NDArray[np.generic]) -> NDArray[np.float32]:
    """Points [N, 3] of colours [N, 3] in 0..255."""
    return np.asarray(colours.astype(np.float32) / 255.0 @ _TO_LUMA_CHROMA.T, np.float32)


@lru_cache(maxsize=len(COLOUR_MAPS) + 1)
def _curve(key: str | bytes) -> NDArray[np.float32]:
    """256 points [256, 3] of a map, evenly spaced in level."""
    if isinstance(key, bytes):
        return _luma_chroma(np.frombuffer(key, np.float32).reshape(-1, 3))
    return _luma_chroma(colours_of(key))


def _squared_distances(
    points: NDArray[np.float32], curve: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Squared distances [N, 256]; differences of large numbers, good to about 1e-6."""
    products: NDArray[np.float32] = points @ curve.T
    own: NDArray[np.float32] = (points**2).sum(axis=1)[:, None] + (curve**2).sum(axis=1)[None]
    return own - 2.0 * products


def _distances(points: NDArray[np.float32], key: str | bytes) -> NDArray[np.float32]:
    """How far each of some points lies from a map's curve."""
    nearest = _squared_distances(points, _curve(key)).min(axis=1)
    return np.asarray(np.sqrt(nearest.clip(min=0.0)), np.float32)


def _mean_distance(points: NDArray[np.float32], key: str | bytes) -> float:
    """How far points lie from a map's curve in the mean."""
    return float(_distances(points, key).mean())


def _levels_of(points: NDArray[np.float32], key: str | bytes) -> NDArray[np.float32]:
    """Levels [N] of points [N, 3]: the nearest point of the curve, between its corners too."""
    if key == "gray":
        return points[:, 0].clip(0.0, 1.0)
    curve = _curve(key)
    nearest = _squared_distances(points, curve).argmin(axis=1)
    best = np.full(len(points), np.inf, np.float32)
    level = np.zeros(len(points), np.float32)
    for first in (nearest - 1, nearest):
        first = first.clip(0, len(curve) - 2)
        along = curve[first + 1] - curve[first]
        offset = points - curve[first]
        length = (along**2).sum(axis=1).clip(min=1e-12)
        share = ((offset * along).sum(axis=1) / length).clip(0.0, 1.0)
        distance = ((offset - share[:, None] * along) ** 2).sum(axis=1)
        closer = distance < best
        best = np.where(closer, distance, best)
        level = np.where(closer, (first + share) / (len(curve) - 1), level)
    return level.astype(np.float32)
