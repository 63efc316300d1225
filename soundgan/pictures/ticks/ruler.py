"""The axis that numbers at places make: linear, logarithmic, mel; misread ones are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from soundgan.pictures.axis import height_of, hz_of

_FIT_PIXELS = 1.5
"""A number stands at its place if it is off by no more than this,"""

_FIT_SHARE = 0.004
"""and so much of the axis more."""

_LEAST_SHARE = 0.6
"""So many of the numbers must stand at their places."""

_BETTER = 0.6
"""Another kind of axis than a linear one must fit with so much smaller an error."""


@dataclass(frozen=True)
class Label:
    """A number beside an axis.

    Attributes:
        place: Pixels along the axis.
        value: Hz, s or dB.
    """

    place: float
    value: float


@dataclass(frozen=True)
class Ruler:
    """Values along an axis.

    Attributes:
        kind: One of :data:`soundgan.pictures.axis.AXES`.
        scale: Pixels for a unit of height; below 0 where values fall with places.
        origin: Place of height 0.
        used: The labels that stand at their places, by place.
        error: Root mean square of their distances, pixels.
        left_out: Labels that do not fit.
    """

    kind: str
    scale: float
    origin: float
    used: tuple[Label, ...]
    error: float
    left_out: int

    def at(self, place: float) -> float:
        """The value at a place."""
        height = np.array([(place - self.origin) / self.scale])
        return float(hz_of(height, self.kind)[0])

    @property
    def span(self) -> tuple[float, float]:
        """Least and greatest value that is printed and used."""
        values = [label.value for label in self.used]
        return min(values), max(values)


def fitted(labels: Sequence[Label], kinds: Sequence[str], *, length: float) -> Ruler | None:
    """The axis that most labels agree on; ``None`` where too few do.

    Args:
        labels: In any order; some may be misread.
        kinds: Kinds of axes to try, the likeliest first.
        length: Of the axis, pixels.
    """
    if len({label.value for label in labels}) < 2:
        return None
    tolerance = _FIT_PIXELS + _FIT_SHARE * length
    rulers = [
        ruler for kind in kinds if (ruler := _fit(labels, kind, tolerance=tolerance)) is not None
    ]
    if not rulers:
        return None
    most = max(len(ruler.used) for ruler in rulers)
    rulers = [ruler for ruler in rulers if len(ruler.used) == most]
    best = min(rulers, key=lambda ruler: ruler.error)
    first = rulers[0]
    if first.error < 0.75 or best.error > _BETTER * first.error:
        best = first
    needed = max(2, _LEAST_SHARE * len(labels))
    return best if most >= needed and (most > 2 or len(labels) == 2) else None


def _fit(labels: Sequence[Label], kind: str, *, tolerance: float) -> Ruler | None:
    """The line through places over heights that most labels lie near."""
    usable = [label for label in labels if label.value > 0 or kind != "log"]
    if kind != "linear":
        usable = [label for label in usable if label.value >= 0]
    if len(usable) < 2:
        return None
    places = np.array([label.place for label in usable])
    heights = height_of(np.array([label.value for label in usable]), kind)
    best: NDArray[np.bool_] | None = None
    for i, j in combinations(range(len(usable)), 2):
        if heights[i] == heights[j] or abs(places[i] - places[j]) < 4 * tolerance:
            continue
        scale = (places[i] - places[j]) / (heights[i] - heights[j])
        near = np.abs(places - places[i] - scale * (heights - heights[i])) <= tolerance
        if best is None or near.sum() > best.sum():
            best = near
    if best is None or len(set(heights[best].tolist())) < 2:
        return None
    scale, origin = (float(v) for v in np.polyfit(heights[best], places[best], 1))
    rest = places[best] - origin - scale * heights[best]
    used = sorted((usable[i] for i in np.flatnonzero(best)), key=lambda label: label.place)
    error = float(np.sqrt((rest**2).mean()))
    return Ruler(kind, scale, origin, tuple(used), error, len(labels) - len(used))
