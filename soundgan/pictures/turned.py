"""Which way a picture's time runs and where its low frequencies are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundgan.errors import UsageError
from soundgan.pictures.box import Box
from soundgan.pictures.ticks.axes import Axes

TIMES = ("right", "left", "up", "down")
"""Ways that time can run; frequency goes across where it runs up or down."""


@dataclass(frozen=True)
class Turn:
    """How a picture stands.

    Attributes:
        time: One of :data:`TIMES`.
        flip: Whether low frequencies are on top, or at the right.
        read: Whether the numbers beside the plot say so.
    """

    time: str = "right"
    flip: bool = False
    read: bool = False

    def __str__(self) -> str:
        rest = ""
        if self.flip:
            rest = ", low frequencies on top" if self.level else ", low frequencies at the right"
        return f"time runs {self.time}{rest}"

    @property
    def level(self) -> bool:
        """Whether time goes across."""
        return self.time in ("right", "left")


def turn_of(time: str | None, *, flip: bool, printed: Axes, box: Box) -> Turn:
    """How a picture stands: as stated, else as printed, else as most do.

    Raises:
        UsageError: Time cannot run that way.
    """
    if time is not None or flip:
        if time not in (None, *TIMES):
            raise UsageError(f"`time={time}`: no such way; choose {', '.join(TIMES)}")
        return Turn(time or "right", flip)
    across, low = printed.time, printed.frequency
    ways = ("right", "left")
    if (across and across is printed.upward) or (low and low is printed.across):
        ways = ("up", "down")
    rises = across is None or across.ruler.at(across.ends(box)[0]) < across.ruler.at(
        across.ends(box)[1]
    )
    found_flip = low is not None and low.ruler.at(low.ends(box)[0]) > low.ruler.at(low.ends(box)[1])
    way = ways[0] if rises else ways[1]
    return Turn(way, found_flip, read=way != "right" or found_flip)


def upright(levels: NDArray[np.float32], turn: Turn) -> NDArray[np.float32]:
    """Levels [F, T], row 0 the lowest, of levels [H, W] as they stand, row 0 at the bottom."""
    if turn.time in ("left", "down"):
        levels = levels[:, ::-1] if turn.level else levels[::-1]
    if not turn.level:
        levels = levels.T
    return np.ascontiguousarray(levels[::-1] if turn.flip else levels)
