"""How far the distribution of a quantity is from that of real sounds, in its own deviations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundgan.evaluation.quantities import Quantity

FEWEST_OF_CLASS = 3
"""Real clips of a class whose median is taken for the class's; others are put to all."""

Values = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Gap:
    """Between the distributions of one quantity.

    Attributes:
        distance: In real standard deviations: the area between the two distribution functions
            (Wasserstein-1).
        shift: Of the median, in real standard deviations.
        difference: Of the median, in the quantity's unit.
    """

    distance: float
    shift: float
    difference: float


@dataclass(frozen=True, eq=False)
class Spread:
    """What is usual for one quantity.

    Values are compared class by class, each from its class's real median: the mixture of classes
    would hide what is wrong with all of them, and shows how often each class occurs instead. Times
    and frequencies are compared by their logarithm, as they are heard.

    Attributes:
        quantity: Which.
        medians: Of real clips by class, as they are compared; -1 is that of all.
        deviation: Standard deviation of real clips about those, at least ``quantity.least``.
        all_deviation: The same where classes are not known.
    """

    quantity: Quantity
    medians: dict[int, float]
    deviation: float
    all_deviation: float

    @classmethod
    def of(cls, quantity: Quantity, values: Values, labels: Labels) -> Spread:
        """What is usual, by real clips.

        Args:
            quantity: What the values are.
            values: In the quantity's unit, NaN for silent clips, [N].
            labels: Classes or -1, int64 [N].
        """
        kept = np.isfinite(values)
        values, labels = values[kept], labels[kept]
        level = _levels(quantity, values)
        medians = {-1: float(np.median(level)) if len(level) else 0.0}
        for label in np.unique(labels[labels >= 0]).tolist():
            of_class = level[labels == label]
            if len(of_class) >= FEWEST_OF_CLASS:
                medians[label] = float(np.median(of_class))
        plain = cls(quantity, medians, 1.0, 1.0)
        by_class, by_all = (
            max(
                quantity.least, float(plain.residuals(values, groups).std()) if len(values) else 0.0
            )
            for groups in (labels, np.full(len(values), -1))
        )
        return cls(quantity, medians, by_class, by_all)

    def residuals(self, values: Values, labels: Labels) -> Values:
        """Distances of values [N] from the medians of their classes; silent clips left out."""
        kept = np.isfinite(values)
        usual = [self.medians.get(label, self.medians[-1]) for label in labels[kept].tolist()]
        found: Values = _levels(self.quantity, values[kept]) - np.array(usual, np.float64)
        return found

    def compare(self, real: tuple[Values, Labels], fake: tuple[Values, Labels]) -> Gap | None:
        """How far fakes are; classes are told apart where every fake has one.

        Args:
            real: Values [N] and classes [N].
            fake: Values [M] and classes [M].

        Returns:
            ``None`` where either has no sound at all.
        """
        by_class = bool((fake[1] >= 0).all())
        sides = [self.residuals(v, c if by_class else np.full(len(v), -1)) for v, c in (real, fake)]
        if not len(sides[0]) or not len(sides[1]):
            return None
        deviation = self.deviation if by_class else self.all_deviation
        shift = float(np.median(sides[1]) - np.median(sides[0]))
        return Gap(wasserstein(*sides) / deviation, shift / deviation, self.in_unit(shift))

    def in_unit(self, shift: float) -> float:
        """A shift of the compared values, from the real median, in the quantity's unit."""
        if not self.quantity.ratio:
            return shift
        return float(np.exp(self.medians[-1]) * np.expm1(shift))


def wasserstein(first: Values, second: Values) -> float:
    """Area between the distribution functions of two samples: the mean way from one to the other.

    Args:
        first: [N], N >= 1.
        second: [M], M >= 1.
    """
    first, second = np.sort(first), np.sort(second)
    both = np.sort(np.concatenate([first, second]))
    below = [np.searchsorted(side, both[:-1], side="right") / len(side) for side in (first, second)]
    return float(np.abs(below[0] - below[1]) @ np.diff(both))


def _levels(quantity: Quantity, values: Values) -> Values:
    return np.log(values) if quantity.ratio else values
