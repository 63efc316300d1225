"""Words in a part of a picture: shapes of the size of letters that stand in a row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from soundgan.pictures.box import Box
from soundgan.pictures.text.reader import spell

_FAINT = 40
"""Ink differs from its ground by more than this, in 255,"""

_FAINT_SHARE = 0.35
"""and by more than so much of what the darkest ink does."""

_LOWEST, _HIGHEST = 5, 60
"""Pixels of the height of digits that can be read."""

_MOST_SHAPES = 3000
_GAP = 0.8
"""Shapes of a word are nearer than so much of their height."""


@dataclass(frozen=True)
class Word:
    """A word and where it stands.

    Attributes:
        text: What it says.
        certainty: Of its least certain letter, 0 to 1.
        box: Its ink, in pixels of the picture.
    """

    text: str
    certainty: float
    box: Box

    @property
    def x(self) -> float:
        """Middle of its ink, pixels from the picture's left edge."""
        return (self.box.left + self.box.right) / 2

    @property
    def y(self) -> float:
        """Middle of its ink, pixels from the picture's upper edge."""
        return (self.box.top + self.box.bottom) / 2


def words_in(rgb: NDArray[np.uint8], part: Box, *, plot: Box | None = None) -> list[Word]:
    """The words in a part of a picture [H, W, 3], read from left to right.

    What touches the edge that the part shares with a ``plot`` is a tick or a frame, and no letter.
    """
    if part.width < _LOWEST or part.height < _LOWEST:
        return []
    ink = ink_of(part.of(rgb))
    shapes = _letters(ink)
    if plot is not None:
        shapes = [shape for shape in shapes if not _touches(shape, part, plot)]
    found = [group for group in _grouped(shapes) if _is_word(group, ink.shape)]
    boxes = [_around(group) for group in found]
    spelled = spell([_levelled(ink, box) for box in boxes])
    return [
        Word(
            said.text,
            said.certainty,
            Box(
                box.left + part.left,
                box.top + part.top,
                box.right + part.left,
                box.bottom + part.top,
            ),
        )
        for said, box in zip(spelled, boxes, strict=True)
        if said.text
    ]


def sideways_words(rgb: NDArray[np.uint8], part: Box) -> list[str]:
    """What is written upwards, downwards, or letter below letter in a part of a picture."""
    cut = part.of(rgb)
    texts = []
    for turns in (1, 3):  # np.rot90 turns against the clock
        turned = np.ascontiguousarray(np.rot90(cut, turns))
        whole = Box(0, 0, turned.shape[1], turned.shape[0])
        texts.append(" ".join(w.text for w in words_in(turned, whole) if len(w.text) > 1))
    stacked = sorted(words_in(rgb, part), key=lambda word: word.y)
    texts.append("".join(word.text for word in stacked if len(word.text) == 1))
    return texts


def ink_of(part: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How far each pixel [H, W] is from the part's most common colour, 0 to 255."""
    coarse = (part >> 3).astype(np.int64) @ np.array([1024, 32, 1])
    common = np.bincount(coarse.reshape(-1)).argmax()
    ground = np.median(part[coarse == common], axis=0)
    far: NDArray[np.float32] = np.abs(part.astype(np.float32) - ground.astype(np.float32))
    return np.asarray(far.max(axis=2), np.float32)


def _letters(ink: NDArray[np.float32]) -> list[Box]:
    """The boxes of connected shapes that may be letters, dots and signs."""
    strong = float(ink.max())
    marked = ink > max(_FAINT, _FAINT_SHARE * strong)
    labels, count = ndimage.label(marked, np.ones((3, 3), np.int8))
    if count > _MOST_SHAPES:
        return []
    shapes = []
    for rows, columns in ndimage.find_objects(labels):
        box = Box(columns.start, rows.start, columns.stop, rows.stop)
        if box.height <= _HIGHEST and box.width <= 2 * _HIGHEST:
            shapes.append(box)
    return shapes


def _touches(shape: Box, part: Box, plot: Box) -> bool:
    """Whether a shape of a part begins at the edge of a plot beside it."""
    if part.right == plot.left:
        return shape.right >= part.width - 1
    if part.left == plot.right:
        return shape.left <= 1
    if part.top == plot.bottom:
        return shape.top <= 1
    return shape.bottom >= part.height - 1


def _grouped(shapes: list[Box]) -> list[list[Box]]:
    """Shapes in rows: each joins the row that ends a little before it, at its own height."""
    tall = sorted(box.height for box in shapes if box.height >= _LOWEST)
    usual = tall[len(tall) // 2] if tall else _LOWEST
    groups: list[list[Box]] = []
    for shape in sorted(shapes, key=lambda box: box.left):
        near: list[Box] | None = None
        least = 1e9
        for group in groups:
            around = _around(group)
            height = max(around.height, usual if around.height < _LOWEST else 0)
            gap = shape.left - around.right
            tallest = max(height, shape.height)
            if gap <= _GAP * min(tallest, 1.6 * usual) and _in_row(around, shape) and gap < least:
                near, least = group, gap
        if near is None:
            groups.append([shape])
        else:
            near.append(shape)
    return groups


def _in_row(row: Box, shape: Box) -> bool:
    """Whether a shape stands in a row: overlaps it, or lies as a sign or dot within its height."""
    shared = min(row.bottom, shape.bottom) - max(row.top, shape.top)
    smaller = min(row.height, shape.height)
    taller = max(row.height, shape.height)
    if shared >= 0.6 * smaller and shape.height < 2.2 * taller:
        return True
    return shared >= -1 and smaller <= 0.35 * taller


def _is_word(group: list[Box], shape: tuple[int, ...]) -> bool:
    """Whether some letter of a group is high enough to be read, and none is a line or a block."""
    around = _around(group)
    tallest = max(box.height for box in group)
    if tallest < _LOWEST or around.height > _HIGHEST:
        return False
    if len(group) == 1 and around.width <= 2 and around.height > 14:
        return False  # a tick or a line
    return not (len(group) == 1 and around.width > 4 * around.height)


def _around(group: list[Box]) -> Box:
    """The smallest box around some."""
    return Box(
        min(box.left for box in group),
        min(box.top for box in group),
        max(box.right for box in group),
        max(box.bottom for box in group),
    )


def _levelled(ink: NDArray[np.float32], box: Box) -> NDArray[np.float32]:
    """The ink of a word, from paper 0 to its darkest 1."""
    cut = ink[box.top : box.bottom, box.left : box.right]
    return np.asarray(cut / max(1.0, float(cut.max())), np.float32)
