"""What is known about a picture of the zoo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundgan.pictures.box import Box
from tests.benchmarks.pictures.signals import Signal


@dataclass(frozen=True, eq=False)
class Drawn:
    """The truth of one picture.

    Attributes:
        box: Where the data lies.
        seconds: Duration of what it shows.
        axis: Frequency axis, as ``soundgan invert`` calls it.
        f_min: Hz at the lower edge.
        f_max: Hz at the upper edge.
        range_db: From quietest to loudest; ``None`` where levels are no decibels.
        levels: What brightness stands for, as the option takes it.
        colours: Of the map [256, 3] from quiet to loud, where they are known.
        turned: Options that say how the picture stands.
    """

    box: Box
    seconds: float
    f_max: float
    axis: str = "linear"
    f_min: float = 0.0
    range_db: float | None = None
    levels: str = "db"
    colours: NDArray[np.uint8] | None = None
    turned: dict[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """Options that say what is printed beside the plot."""
        options: dict[str, Any] = {
            "seconds": self.seconds,
            "axis": self.axis,
            "f_min": self.f_min,
            "f_max": self.f_max,
            **self.turned,
        }
        if self.range_db is not None:
            options["range_db"] = self.range_db
        if self.levels != "db":
            options["levels"] = self.levels
        return options


@dataclass(frozen=True)
class Look:
    """A way of drawing.

    Attributes:
        tool: Whose; ``imitated`` where the tool itself cannot run here.
        name: Which of its looks.
        draw: Draws a signal to a path.
        printed: Whether time and frequency are printed beside the plot.
        needs: The program or module that has to be there.
    """

    tool: str
    name: str
    draw: Callable[[Signal, Path], Drawn]
    printed: bool = True
    needs: str = ""
