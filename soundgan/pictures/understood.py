"""What was understood of a picture, drawn on it: the plot, other plots, overlays, and readings."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from soundgan.pictures.box import Box
from soundgan.pictures.reading import Assumption, Reading

_READ, _OTHER, _HIDDEN = (0, 170, 80), (230, 120, 0), (255, 0, 160)
_PAPER, _INK, _PALE = (255, 255, 255), (30, 30, 30), (110, 110, 110)
_LEAST_WIDTH = 640
_LINE, _FONT, _EDGE = 20, 14, 10


def understood_png(
    rgb: NDArray[np.uint8], reading: Reading, entries: Sequence[Assumption], *, title: str
) -> bytes:
    """The picture with what was read in it, and a list of readings and assumptions below.

    The plot that was read has a green box, other plots an orange one; what was taken for an
    overlay is pink. Equal arguments give equal bytes.

    Args:
        rgb: The picture [H, W, 3].
        reading: Of it.
        entries: What was read and assumed; their parameters are named as they stand.
        title: Above the list.
    """
    height, width = rgb.shape[:2]
    font = ImageFont.load_default(_FONT)
    lines = [_line(entry) for entry in entries]
    wide = max(
        width, _LEAST_WIDTH, 2 * _EDGE + max((_width(font, text) for text in lines), default=0)
    )
    legend = _legend(reading)
    below = _LINE * (1 + len(legend) + len(lines)) + 2 * _EDGE
    sheet = Image.new("RGB", (wide, height + below), _PAPER)
    sheet.paste(Image.fromarray(_marked(rgb, reading)), (0, 0))
    pen = ImageDraw.Draw(sheet)
    for other in reading.others:
        _outline(pen, other, _OTHER)
    _outline(pen, reading.box, _READ)
    top = height + _EDGE
    pen.text((_EDGE, top), title, _INK, font)
    top += _LINE
    for colour, meaning in legend:
        pen.rectangle((_EDGE, top + 3, _EDGE + 11, top + 14), fill=colour)
        pen.text((_EDGE + _LINE, top), meaning, _INK, font)
        top += _LINE
    for entry, text in zip(entries, lines, strict=True):
        pen.text((_EDGE, top), text, _INK if entry.read else _PALE, font)
        top += _LINE
    buffer = io.BytesIO()
    sheet.save(buffer, format="PNG")
    return buffer.getvalue()


def _line(entry: Assumption) -> str:
    """An entry in one line."""
    how = "read" if entry.read else "assumed"
    return f"{how}: {entry.name} {entry.value} ({entry.why}); else {entry.parameter}"


def _legend(reading: Reading) -> list[tuple[tuple[int, int, int], str]]:
    """What the colours of the marks stand for, where there are such."""
    marks = [(_READ, "the plot that was read")]
    if reading.others:
        marks.append((_OTHER, "other plots"))
    if reading.hidden is not None:
        marks.append((_HIDDEN, "over the plot and no sound: filled from beside it"))
    return marks


def _marked(rgb: NDArray[np.uint8], reading: Reading) -> NDArray[np.uint8]:
    """The picture with overlays in pink."""
    marked = rgb.copy()
    if reading.hidden is not None:
        part = reading.box.of(marked)
        mixed = 0.4 * part[reading.hidden] + 0.6 * np.array(_HIDDEN)
        part[reading.hidden] = np.rint(mixed).astype(np.uint8)
    return marked


def _outline(pen: ImageDraw.ImageDraw, box: Box, colour: tuple[int, int, int]) -> None:
    """A frame of two pixels around a box, outside of it where there is room."""
    for gap in (1, 2):
        pen.rectangle(
            (max(0, box.left - gap), max(0, box.top - gap), box.right + gap - 1,
             box.bottom + gap - 1),
            outline=colour,
        )  # fmt: skip


def _width(font: ImageFont.FreeTypeFont | ImageFont.ImageFont, text: str) -> int:
    return int(np.ceil(font.getlength(text)))
