"""What is known of a program that draws spectrograms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundgan.pictures.axis import height_of, hz_of
from soundgan.pictures.box import Box
from soundgan.pictures.ticks.axes import Axes


@dataclass(frozen=True, eq=False)
class View:
    """A picture, as far as it was understood.

    Attributes:
        rgb: All of it [H, W, 3].
        box: The plot.
        colormap: Name of its colour map.
        printed: Its axes.
    """

    rgb: NDArray[np.uint8]
    box: Box
    colormap: str
    printed: Axes


@dataclass(frozen=True)
class Columns:
    """Which moments the columns of a plot show.

    Attributes:
        first: Moment of the first, in columns of equal share from its start; the middle is 0.5.
        step: Distance of two, in the same.
        window_s: Of a window that tells as much as the program's own.
    """

    first: float
    step: float
    window_s: float


@dataclass(frozen=True)
class Tool:
    """A program.

    Attributes:
        title: What to call it.
        signs: What shows that a picture is by it, in lower case; empty where that is not sure.
        range_db: From the quietest to the loudest level, unless asked for another; ``None`` where
            that follows the sound.
        axis: Of frequency, where none is printed; ``None`` is linear.
        log_raised_hz: So much higher than a logarithmic axis says are its frequencies.
        rows: How far below the lowest and the highest frequency that the program names the lower
            and the upper edge lie, in rows.
        columns: Which moments the columns show, from the levels [F, T], the duration and the
            frequency at the upper edge; ``None`` is each the middle of its share.
    """

    title: str
    signs: Callable[[View], str]
    range_db: float | None = None
    axis: str | None = None
    log_raised_hz: float = 0.0
    rows: tuple[float, float] = (0.0, 0.0)
    columns: Callable[[NDArray[np.float32], float, float], Columns] | None = None

    def edges(
        self, low_hz: float, high_hz: float, n_rows: int, axis: str = "linear"
    ) -> tuple[float, float]:
        """Frequencies at the edges of an axis that goes from one to the other by name."""
        if self.rows == (0.0, 0.0) or low_hz >= high_hz or (axis == "log" and low_hz <= 0):
            return low_hz, high_hz
        below, above = self.rows
        low, high = height_of(np.array([low_hz, high_hz]), axis)
        row = (high - low) / max(1.0, n_rows - below + above)
        first, last = hz_of(np.array([low - below * row, high - above * row]), axis)
        return float(first), float(last)


def no_signs(view: View) -> str:
    """Of a program whose pictures look like those of others."""
    return ""


def retimed(levels: NDArray[np.float32], columns: Columns) -> NDArray[np.float32]:
    """Levels [F, T] of even moments, of those of the moments that columns show."""
    n = levels.shape[1]
    even = np.arange(n) + 0.5
    places = ((even - columns.first) / columns.step).clip(0.0, n - 1.0)
    left = np.floor(places).astype(np.int64)
    right = np.minimum(left + 1, n - 1)
    share = (places - left).astype(np.float32)
    mixed: NDArray[np.float32] = levels[:, left] * (1 - share) + levels[:, right] * share
    return mixed
