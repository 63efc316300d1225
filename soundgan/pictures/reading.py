"""Levels from a picture that somebody else has drawn, and what was assumed on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundgan.errors import UsageError
from soundgan.pictures.box import Box, named_box
from soundgan.pictures.colours import (
    ColourMap,
    colormap_of,
    detect_colormap,
    named_colormap,
    to_level,
)
from soundgan.pictures.edges import without_frame, without_line
from soundgan.pictures.open import Picture
from soundgan.pictures.overlays import filled, overlaid
from soundgan.pictures.panes import framed_with, panes_of
from soundgan.pictures.plot import find_plot, other_plots
from soundgan.pictures.ticks.bar import Bar, read_bar


@dataclass(frozen=True)
class Assumption:
    """Something a picture does not say, and that was guessed.

    Attributes:
        name: What it is about, such as ``colormap``.
        value: What was assumed, in the form that the parameter takes.
        parameter: What says otherwise.
        why: What it was guessed or read from, in lower case.
        read: Whether the picture says it, in print or in its file, and nothing was guessed.
    """

    name: str
    value: str
    parameter: str
    why: str
    read: bool = False


@dataclass(frozen=True)
class Reading:
    """A picture as levels.

    Attributes:
        levels: [F, T] float32 in [0, 1], row 0 the lowest frequency.
        assumptions: In the order they were made; nothing that was asked for.
        box: The part of the picture that was read.
        colormap: The map that turned colours into levels.
        hidden: Which pixels [H, W] of the box, its first row on top, lay under an overlay and were
            filled; ``None`` where none did.
        others: Other plots of the picture.
        bar: The plot's colour bar, where it has one whose numbers can be read.
    """

    levels: NDArray[np.float32]
    assumptions: tuple[Assumption, ...]
    box: Box
    colormap: ColourMap
    hidden: NDArray[np.bool_] | None = None
    others: tuple[Box, ...] = ()
    bar: Bar | None = None


_BESIDE = {"right": "right of", "left": "left of", "bottom": "below", "top": "above"}


def read_levels(
    picture: Picture,
    *,
    colormap: str = "auto",
    crop: str = "auto",
    overlays: str = "fill",
    panel: int | None = None,
) -> Reading:
    """The levels of a picture's plot; any picture has some.

    Args:
        picture: What :func:`~soundgan.pictures.open.open_picture` gives.
        colormap: ``auto``, a map's name, the name with ``_r`` for the reversed map, or ``bar`` for
            the colours of the colour bar and no guess where they cannot be read.
        crop: ``auto`` to look for a plot with axes and margins around it, ``none`` to take the
            whole picture, or ``left,top,right,bottom`` in pixels.
        overlays: ``fill`` to replace legends, text and lines over the plot by their surroundings,
            ``keep`` to take them for sound.
        panel: Which of a figure's plots to read, in reading order from 1; ``None`` is the largest.

    Raises:
        UsageError: No such colour map, colour bar or plot, or a crop outside the picture.
    """
    asked = None if colormap in ("auto", "bar") else named_colormap(colormap)
    rgb = eight_bit(picture)
    box, others, assumptions = _boxed(rgb, crop) if panel is None else _panel(rgb, panel)
    part = box.of(rgb)
    bar = read_bar(rgb, framed_with(box, others))
    shown = None if bar is None else colormap_of(bar.colours, part)
    if shown is None:
        bar = None
    if colormap == "bar" and shown is None:
        raise UsageError(
            "`colormap=bar`: no colour bar with numbers in the colours of the plot is beside it; "
            "name a colour map"
        )
    found = asked or shown or detect_colormap(part)
    if asked is None and bar is not None and shown is not None:
        why = f"the colours of the colour bar, {_BESIDE[bar.side]} the plot"
        assumptions += (Assumption("colormap", str(found), "colormap", why, read=True),)
    elif asked is None:
        assumptions += (Assumption("colormap", str(found), "colormap", _why(found)),)
    grey = picture.pixels.dtype == np.uint16 and found.name == "gray"
    levels = _deep_levels(picture, box, found) if grey else to_level(part, found)
    mask = overlaid(part, found) if overlays == "fill" else None
    if mask is not None:
        levels = filled(levels, mask)
        why = f"a legend, text or lines over {100.0 * float(mask.mean()):.1f} % of the plot"
        assumptions += (Assumption("overlays", "fill", "overlays", why),)
    return Reading(np.ascontiguousarray(levels[::-1]), assumptions, box, found, mask, others, bar)


def count_plots(picture: Picture) -> int:
    """How many plots a picture has, as ``panel`` counts them; 0 where all of it is data."""
    return len(_plots(eight_bit(picture))[1])


def eight_bit(picture: Picture) -> NDArray[np.uint8]:
    """Colours [H, W, 3], grey ones three times."""
    pixels = picture.pixels
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    return np.broadcast_to(pixels, (*pixels.shape[:2], 3)).astype(np.uint8, copy=False)


def _plots(rgb: NDArray[np.uint8]) -> tuple[Box | None, list[Box]]:
    """The largest plot of a picture, and all of them in reading order."""
    found = find_plot(rgb)
    if found is None:
        return None, []
    panes = panes_of(rgb, found)
    return panes[0], _in_order([*panes, *other_plots(rgb, found)])


def _boxed(
    rgb: NDArray[np.uint8], crop: str
) -> tuple[Box, tuple[Box, ...], tuple[Assumption, ...]]:
    """The part to read, and other plots."""
    height, width = rgb.shape[:2]
    whole = Box(0, 0, width, height)
    if crop == "none":
        return whole, (), ()
    if crop != "auto":
        stated = named_box(crop, width=width, height=height)
        box = without_line(rgb, stated)
        why = "without the frame inside the stated box"
        return box, (), () if box == stated else (Assumption("crop", str(box), "crop", why),)
    found, order = _plots(rgb)
    if found is None:
        return whole, (), (Assumption("crop", "none", "crop", "no margins around a plot"),)
    why = "four straight edges with plain margins around them"
    others = tuple(box for box in order if box != found)
    if others:
        plots = "another plot" if len(others) == 1 else f"{len(others)} other plots"
        why += f"; {plots} at " + " and ".join(
            f"{other} (`panel={order.index(other) + 1}`)" for other in others
        )
    return found, others, (Assumption("crop", str(found), "crop", why),)


def _in_order(boxes: list[Box]) -> list[Box]:
    """Plots as they are read: row by row from above, then from the left."""
    rest, order = sorted(boxes, key=lambda box: box.top), []
    while rest:
        middle = (rest[0].top + rest[0].bottom) / 2
        row = [box for box in rest if box.top < middle]
        order += sorted(row, key=lambda box: box.left)
        rest = [box for box in rest if box not in row]
    return order


def _panel(
    rgb: NDArray[np.uint8], panel: int
) -> tuple[Box, tuple[Box, ...], tuple[Assumption, ...]]:
    """One of a figure's plots, and the others."""
    found, boxes = _plots(rgb)
    if not 1 <= panel <= len(boxes):
        plots = {0: "no plot is", 1: "one plot is"}.get(len(boxes), f"{len(boxes)} plots are")
        raise UsageError(f"`panel={panel}`: {plots} found; say where it lies with `crop`")
    chosen = boxes[panel - 1]
    box = chosen if chosen == found else without_frame(rgb, chosen)
    why = f"plot {panel} of {len(boxes)}, from above and then from the left"
    others = tuple(other for other in boxes if other != chosen)
    return box, others, (Assumption("crop", str(box), "crop", why),)


def _deep_levels(picture: Picture, box: Box, colormap: ColourMap) -> NDArray[np.float32]:
    """Levels of 16-bit grey, in its full depth."""
    grey = picture.pixels[box.top : box.bottom, box.left : box.right, 0]
    levels = grey.astype(np.float32) / np.float32(65535.0)
    return 1.0 - levels if colormap.reversed else levels


def _why(colormap: ColourMap) -> str:
    """How a colour map was recognised."""
    if colormap.name == "gray" and colormap.error > 0.02:
        return "the colours follow no known map, so brightness is taken"
    return f"the nearest of the known maps, {colormap.error:.3f} from its colours"
