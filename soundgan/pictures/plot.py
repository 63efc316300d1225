"""Where in a screenshot of a plot the data is: inside axes, ticks, titles, colour bars, margins."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
from numpy.typing import NDArray

from soundgan.pictures.box import Box, far_from
from soundgan.pictures.edges import without_frame, without_panels
from soundgan.pictures.rulers import without_rulers

_TOLERANCE = 40
"""Colours that differ by less, in 255, are one: a JPEG blurs that much around letters."""

_PAGE_SHARE = 0.7
"""So much of the picture's border must have the colour of the page."""

_LEAST_SIDE = 0.2
"""A plot takes at least this share of the picture's width and height."""

_LEAST_PIXELS = 16

_KEPT_RUNS = 24
_KEPT_LINES = 10

_SIDE_SHARE = 0.95
"""So much of each side of a plot must differ from the page,"""

_OUTSIDE_SHARE = 0.4
"""and of a line a little outside of it, where there are ticks, at most so much."""

_OTHER_SHARE = 0.4
"""Another plot of a figure has at least so much of the area,"""

_LEAST_COLOURS = 12
"""and so many colours."""

_BAR_SHARE = 0.8
"""A plot takes at least so much of what it and its colour bar take together,"""

_LEAST_GAP = 3
"""and so many pixels of page lie between them."""

_GAP = 4
"""Pixels from a plot's edge to that line."""


def find_plot(rgb: NDArray[np.uint8]) -> Box | None:
    """The plot inside a screenshot, without its frame; None where the whole picture is data.

    First a rectangle on a page of one colour is looked for, be it filled or framed; then, as in a
    window of an audio editor, flat panels and rulers beside the data.

    Args:
        rgb: Colours [H, W, 3].
    """
    whole = Box(0, 0, rgb.shape[1], rgb.shape[0])
    on_page = _on_page(rgb)
    box = whole if on_page is None else without_frame(rgb, on_page)
    box = without_panels(rgb, box)
    if on_page is None:
        box = without_rulers(rgb, box)
    return None if box == whole else box


def other_plots(rgb: NDArray[np.uint8], box: Box) -> list[Box]:
    """Filled rectangles on the same page as a plot, of about its size, beside or below it."""
    _, marked, boxes = _rectangles(rgb)
    if marked is None:
        return []
    found: list[Box] = [box]
    for other in sorted(boxes, key=lambda one: -_worth(marked, one)):
        large = other.width * other.height >= _OTHER_SHARE * box.width * box.height
        apart = not any(_overlap(other, one) for one in found)
        if large and apart and _is_full(rgb, marked, other):
            found.append(other)
    return sorted(found[1:], key=lambda one: (one.top, one.left))


def _on_page(rgb: NDArray[np.uint8]) -> Box | None:
    """The largest, fullest rectangle on a page of one colour, its frame included."""
    best, _, _ = _rectangles(rgb)
    return best


def _rectangles(
    rgb: NDArray[np.uint8],
) -> tuple[Box | None, NDArray[np.bool_] | None, list[Box]]:
    """The best rectangle on a page, what is marked on the page [H, W], and all rectangles."""
    page = _page_colour(rgb)
    if page is None:
        return None, None, []
    marked = far_from(rgb, page, _TOLERANCE)
    across, columns_end = _long_runs(marked)
    down, rows_end = _long_runs(marked.T)
    boxes = _closed(marked, np.concatenate([across, rows_end]), np.concatenate([down, columns_end]))
    best = max(boxes, key=lambda box: _worth(marked, box), default=None)
    return best and _without_bar(marked, best, boxes), marked, boxes


def _without_bar(marked: NDArray[np.bool_], box: Box, boxes: list[Box]) -> Box:
    """The plot alone, where a colour bar as high as it, or as wide, lies beyond a gap of page."""
    parts = [
        part
        for part in boxes
        if _BAR_SHARE * box.width * box.height <= part.width * part.height
        and _touching_sides(box, part) == 3
        and _gap_between(marked, box, part)
    ]
    return max(parts, key=lambda part: _worth(marked, part), default=box)


def _touching_sides(box: Box, part: Box) -> int:
    """How many sides two boxes have in common."""
    pairs = zip(astuple(box), astuple(part), strict=True)
    return sum(abs(a - b) <= 1 for a, b in pairs)


def _gap_between(marked: NDArray[np.bool_], box: Box, part: Box) -> bool:
    """Whether the page goes all through what a box has more than its part."""
    if part.width < box.width - 2:
        start, stop = (
            (part.right, box.right) if box.right > part.right + 1 else (box.left, part.left)
        )
        lines = marked[box.top : box.bottom, start:stop].any(axis=0)
    else:
        start, stop = (
            (part.bottom, box.bottom) if box.bottom > part.bottom + 1 else (box.top, part.top)
        )
        lines = marked[start:stop, box.left : box.right].any(axis=1)
    edges = np.flatnonzero(np.concatenate([[True], lines, [True]]))
    return bool(np.diff(edges).max() > _LEAST_GAP)


def _overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than their frames."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return wide > _GAP and high > _GAP


def _is_full(rgb: NDArray[np.uint8], marked: NDArray[np.bool_], box: Box) -> bool:
    """Whether a rectangle is a spectrogram: filled, and with more colours than a drawing has."""
    part = box.of(rgb)[::3, ::3]
    coarse = (part >> 3).astype(np.int64) @ np.array([1024, 32, 1])
    many = len(np.unique(coarse)) >= _LEAST_COLOURS
    return many and float(marked[box.top : box.bottom, box.left : box.right].mean()) > 0.5


def _page_colour(rgb: NDArray[np.uint8]) -> NDArray[np.int16] | None:
    """The colour of the outermost pixels, if most of them have one."""
    ring = np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]]).astype(np.int16)
    coarse = (ring >> 4) @ np.array([256, 16, 1], np.int16)
    common = np.bincount(coarse.astype(np.int64)).argmax()
    colour = np.median(ring[coarse == common], axis=0).astype(np.int16)
    alike = float((np.abs(ring - colour).max(axis=1) <= _TOLERANCE).mean())
    return colour if alike >= _PAGE_SHARE else None


def _long_runs(marked: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ends of long runs of marked pixels in rows, and pairs of lines that have long runs.

    The edges of a filled rectangle are the ends of most runs, those of an empty frame the ends of
    the longest: some of both are kept. Where ticks make the lines of a frame longer, the rows
    that they lie in still tell where it begins and ends.

    Returns:
        First and last column [n, 2] of runs, and first and last row [m, 2] between lines.
    """
    size = marked.shape[1]
    edges = np.diff(np.pad(marked, ((0, 0), (1, 1))).view(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    lasts = np.nonzero(edges == -1)[1] - 1
    long = lasts - starts + 1 >= max(8, _LEAST_SIDE * size)
    rows, starts, lasts = rows[long], starts[long], lasts[long]
    pairs, counts = np.unique(np.stack([starts, lasts], axis=1), axis=0, return_counts=True)
    often = np.argsort(-counts, kind="stable")[:_KEPT_RUNS]
    longest = np.argsort(pairs[:, 0] - pairs[:, 1], kind="stable")[:_KEPT_RUNS]
    return pairs[np.union1d(often, longest)], _line_pairs(rows, lasts - starts, len(marked))


def _line_pairs(
    rows: NDArray[np.int64], lengths: NDArray[np.int64], n_rows: int
) -> NDArray[np.int64]:
    """First and last row [m, 2] of every two groups of neighbouring rows with long runs."""
    longest = np.zeros(n_rows, np.int64)
    np.maximum.at(longest, rows, lengths)
    edges = np.diff(np.pad(longest > 0, (1, 1)).view(np.int8))
    firsts, lasts = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    reach = [int(longest[a : b + 1].max()) for a, b in zip(firsts, lasts, strict=True)]
    kept = np.argsort(-np.asarray(reach, np.int64), kind="stable")[:_KEPT_LINES]
    pairs = [(a, b) for a in firsts[kept].tolist() for b in lasts[kept].tolist() if a < b]
    return np.asarray(pairs, np.int64).reshape(-1, 2)


def _closed(
    marked: NDArray[np.bool_], across: NDArray[np.int64], down: NDArray[np.int64]
) -> list[Box]:
    """The rectangles whose four sides are marked and have page around them."""
    height, width = marked.shape
    inside_x, outside_x = _coverage(marked, across, down)
    inside_y, outside_y = _coverage(marked.T, down, across)
    inside = np.minimum(inside_x, inside_y.T)
    outside = np.maximum(outside_x, outside_y.T)
    n_columns = across[:, 1] - across[:, 0] + 1
    n_rows = down[:, 1] - down[:, 0] + 1
    margins = (n_columns[:, None] < width - 2) | (n_rows[None] < height - 2)
    wide, high = (max(_LEAST_PIXELS, _LEAST_SIDE * size) for size in (width, height))
    large = (n_columns[:, None] >= wide) & (n_rows[None] >= high)
    good = (inside >= _SIDE_SHARE) & (outside <= _OUTSIDE_SHARE) & margins & large
    return [
        Box(across[i, 0].item(), down[j, 0].item(), across[i, 1].item() + 1, down[j, 1].item() + 1)
        for i, j in np.argwhere(good).tolist()
    ]


def _coverage(
    marked: NDArray[np.bool_], across: NDArray[np.int64], down: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How much of two vertical sides is marked, for all ``across`` [n, 2] and ``down`` [m, 2].

    Returns:
        The lesser share on the two sides [n, m], and the greater a little outside of them, where
        beyond the picture's edge there is nothing.
    """
    width = marked.shape[1]
    on = across
    off = across + np.array([-_GAP, _GAP])
    columns, places = np.unique(np.concatenate([on, off]).clip(0, width - 1), return_inverse=True)
    sums = np.pad(np.cumsum(marked[:, columns], axis=0, dtype=np.int32), ((1, 0), (0, 0)))
    height = (down[:, 1] - down[:, 0] + 1).astype(np.float64)
    shares = ((sums[down[:, 1] + 1] - sums[down[:, 0]]) / height[:, None]).T
    shares = shares[places.reshape(2, -1, 2)]
    beyond = (off < 0) | (off >= width)
    outside = np.where(beyond[:, :, None], 0.0, shares[1])
    return shares[0].min(axis=1), outside.max(axis=1)


def _worth(marked: NDArray[np.bool_], box: Box) -> float:
    """Area, less where the page shows through: a spectrogram is full, a curve is not."""
    step_y, step_x = max(1, box.height // 256), max(1, box.width // 256)
    full = float(marked[box.top : box.bottom : step_y, box.left : box.right : step_x].mean())
    return box.width * box.height * (0.1 + full)
