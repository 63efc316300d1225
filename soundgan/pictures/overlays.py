"""What lies over a spectrogram and is no sound: legends, text, lines; found, and filled in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from soundgan.pictures.box import Box
from soundgan.pictures.colours import ColourMap, map_distances, to_level
from soundgan.pictures.text.words import words_in

_NEAR_MAP = 0.03
"""Overlays are looked for where colours lie so near to their map in the mean."""

_OFF = 0.05
"""A colour further than this from the map is no level;"""

_OFF_TIMES = 4.0
"""nor is one so many times further than the mean."""

_LEAST_PIXELS = 30
"""Smaller stains are of a JPEG or of scaling."""

_SILENT = 0.02
"""Levels up to this are silence."""

_FAR_OFF = 0.15
"""Letters are in colours so far from the map,"""

_LETTER_GAP = 3
"""and so many pixels apart."""

_LEAST_SHARE, _MOST_SHARE = 0.001, 0.3
"""Of a plot; less is not worth a word, and more is no overlay."""

_FLAT = 14
"""A legend's ground differs by no more than this, in 255."""

_LEGEND_SHARE, _LEGEND_WIDE, _LEGEND_HIGH = 0.004, 24, 10
"""A legend takes at least so much of a plot, and so many columns and rows."""

_LEGEND_FULL = 0.55
"""So much of a legend is bare ground;"""

_LEGEND_SIDE = 0.85
"""so much of each of its sides;"""

_LEGEND_LETTERS = 3
"""and so many letters stand in it."""

_ACROSS_MOST = 0.5
"""Rows with more than this under an overlay are filled from above and below."""


def overlaid(rgb: NDArray[np.uint8], colormap: ColourMap) -> NDArray[np.bool_] | None:
    """Which pixels [H, W] of a plot are no levels; ``None`` where all are.

    They are in no colour of the map, or in a flat rectangle with letters inside.

    Args:
        rgb: Colours [H, W, 3] of the plot alone.
        colormap: The map that was detected, with its error.
    """
    if colormap.error > _NEAR_MAP:
        return None
    mask = np.zeros(rgb.shape[:2], np.bool_)
    if colormap.name != "gray":
        distances = map_distances(rgb, colormap)
        distances[to_level(rgb, colormap) <= _SILENT] = 0.0  # below the map, and not heard
        off = max(_OFF, _OFF_TIMES * colormap.error)
        mask |= _large(distances > off, 0)
        mask |= _large(distances > max(off, _FAR_OFF), _LETTER_GAP)
    for box in _legends(rgb):
        mask[box.top : box.bottom, box.left : box.right] = True
    if not mask.any():
        return None
    mask = ndimage.binary_fill_holes(ndimage.binary_dilation(mask, np.ones((3, 3)), 2))
    share = float(mask.mean())
    return mask if _LEAST_SHARE <= share <= _MOST_SHARE else None


def filled(levels: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Levels [H, W] with those under a mask replaced by what is left and right of it.

    Sounds go on in time; only under what lies along time, they are taken from above and below.
    """
    result = levels.copy()
    along = mask.mean(axis=1) > _ACROSS_MOST
    for row in np.flatnonzero(mask.any(axis=1) & ~along):
        result[row] = _between(levels[row], mask[row])
    for column in np.flatnonzero(mask[along].any(axis=0)):
        hidden = np.where(along, mask[:, column], False)
        result[:, column] = _between(result[:, column], hidden)
    return result


def _between(line: NDArray[np.float32], hidden: NDArray[np.bool_]) -> NDArray[np.float32]:
    """A line with its hidden places interpolated; as it is where all are hidden."""
    if hidden.all():
        return line
    places = np.arange(len(line))
    known = ~hidden
    return np.interp(places, places[known], line[known]).astype(np.float32)


def _large(far: NDArray[np.bool_], gap: int) -> NDArray[np.bool_]:
    """The larger of the parts that hang together, or stand in a row less than a gap apart."""
    near = ndimage.binary_dilation(far, np.ones((2 * (gap // 3) + 1, 2 * gap + 1)))
    labels, count = ndimage.label(near, np.ones((3, 3), np.int8))
    large = np.bincount(labels[far], minlength=count + 1) >= _LEAST_PIXELS
    return np.asarray(large[labels] & far, np.bool_)


def _is_straight(ground: NDArray[np.bool_]) -> bool:
    """Whether a flat part goes along all four sides of the box around it."""
    sides = (ground[:2], ground[-2:], ground[:, :2].T, ground[:, -2:].T)
    return all(float(side.any(axis=0).mean()) >= _LEGEND_SIDE for side in sides)


def _legends(rgb: NDArray[np.uint8]) -> list[Box]:
    """Flat rectangles with letters in them, but for the ground of the plot."""
    height, width = rgb.shape[:2]
    coarse = (rgb >> 4).astype(np.int64) @ np.array([256, 16, 1])
    counts = np.bincount(coarse.reshape(-1))
    found = []
    for code in np.argsort(-counts, kind="stable")[:4].tolist():
        if not _LEGEND_SHARE * 0.5 * height * width <= counts[code] <= 0.4 * height * width:
            continue
        colour = np.median(rgb[coarse == code], axis=0)
        flat = np.abs(rgb.astype(np.int16) - colour).max(axis=2) <= _FLAT
        labels, _ = ndimage.label(flat)
        for index, place in enumerate(ndimage.find_objects(labels), 1):
            box = Box(place[1].start, place[0].start, place[1].stop, place[0].stop)
            area = box.width * box.height
            if box.width < _LEGEND_WIDE or box.height < _LEGEND_HIGH:
                continue
            if not _LEGEND_SHARE * height * width <= area <= _MOST_SHARE * height * width:
                continue
            ground = labels[place] == index
            if float(ground.mean()) < _LEGEND_FULL or not _is_straight(ground):
                continue
            letters = sum(len(word.text) for word in words_in(rgb, box) if word.certainty > 0.5)
            if letters >= _LEGEND_LETTERS:
                found.append(box)
    return found
