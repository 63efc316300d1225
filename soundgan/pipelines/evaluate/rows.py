"""The table: one set of sounds, one row of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.evaluation.bins import different_bins
from soundgan.evaluation.distances import Interval, frechet_distance, kernel_distance_interval
from soundgan.evaluation.manifold import ManifoldScores, manifold_scores
from soundgan.evaluation.neighbours import diversity_ratio, nearest_neighbour_ratio
from soundgan.evaluation.quantities import quantities_of
from soundgan.evaluation.ripples import line_db
from soundgan.evaluation.scores import class_accuracies, class_accuracy, inception_score
from soundgan.evaluation.spread import Gap, Spread
from soundgan.evaluation.view import WHOLE
from soundgan.pipelines.evaluate.extractors import Extractors
from soundgan.pipelines.evaluate.looks import Looks
from soundgan.pipelines.evaluate.reference import Reference
from soundgan.pipelines.evaluate.request import MEASURE_SEED

ROWS = ("candidate", "real", "copy_synthesis", "noise")


@dataclass(frozen=True)
class SpaceNumbers:
    """Numbers in the space of one feature extractor, against the reference clips."""

    kernel_distance: Interval
    frechet_distance: float
    manifold: ManifoldScores


@dataclass(frozen=True)
class ClassNumbers:
    """What the classifier makes of the sounds.

    Attributes:
        heard_as: Share of the sounds that it takes for each class, by name.
        inception_score: How sure and how varied it is; at most the number of classes.
        accuracy: Share that it takes for what they should be; ``None`` for unlabelled sounds.
        of_class: The same for each class that has sounds, by name.
        rarest: Name of the class that is heard least, and how often in terms of how often it is
            heard among the reference clips.
    """

    heard_as: dict[str, float]
    inception_score: float
    accuracy: float | None
    of_class: dict[str, float]
    rarest: tuple[str, float]

    @property
    def worst(self) -> tuple[str, float] | None:
        """Name and accuracy of the class that is most often mistaken."""
        if not self.of_class:
            return None
        name = min(self.of_class, key=lambda name: self.of_class[name])
        return name, self.of_class[name]


@dataclass(frozen=True)
class QuantityNumbers:
    """One quantity of a set of sounds.

    Attributes:
        gap: Between its distribution and the reference clips'.
        median: In the quantity's unit.
        real_median: That of the reference clips.
    """

    gap: Gap
    median: float
    real_median: float


@dataclass(frozen=True)
class Row:
    """All numbers of one set of sounds.

    Attributes:
        clips: How many sounds.
        spaces: By name of the extractor.
        nearest_neighbour_ratio: Distance to the nearest training clip, as a part of that of real
            clips which were not trained on.
        diversity_ratio: Distance between two of the sounds, as a part of that of reference clips.
        different_bins: Share of the clusters of training clips that get too many or too few.
        quantities: How far each quantity's distribution is from the reference clips', by its key.
        ripples: By how much a regular pattern stands out along each axis, dB.
        classes: What the classifier says, where there is one.
    """

    clips: int
    spaces: dict[str, SpaceNumbers]
    nearest_neighbour_ratio: float
    diversity_ratio: float
    different_bins: float
    quantities: dict[str, QuantityNumbers]
    ripples: dict[str, float]
    classes: ClassNumbers | None


@dataclass(frozen=True, eq=False)
class Described:
    """Some sounds as the extractors see them.

    Attributes:
        features: [n, D] by name of the extractor.
        probabilities: Of the classes [n, K], where there is a classifier.
        labels: What each sound should be, or -1, int64 [n].
        looks: What is seen of them.
    """

    features: dict[str, Tensor]
    probabilities: Tensor | None
    labels: NDArray[np.int64]
    looks: Looks

    def __len__(self) -> int:
        return len(self.labels)

    def rows(self, index: NDArray[np.int64]) -> Described:
        """Some of them."""
        chosen = torch.from_numpy(index)
        return Described(
            {name: table[chosen] for name, table in self.features.items()},
            None if self.probabilities is None else self.probabilities[chosen],
            self.labels[index],
            self.looks.rows(chosen),
        )


def describe(extractors: Extractors, looks: Looks, labels: NDArray[np.int64]) -> Described:
    """What every extractor makes of sounds."""
    return Described(extractors.features(looks), extractors.probabilities(looks), labels, looks)


@dataclass(frozen=True, eq=False)
class Ruler:
    """Both splits as the extractors see them, to measure sets of sounds with."""

    reference: Reference
    train: Described
    clips: Described

    @cached_property
    def spreads(self) -> tuple[Spread, ...]:
        """What is usual for each quantity, by all real clips."""
        kinds = quantities_of(self.reference.dataset.clip.sample_rate, self.n_channels)
        tables = [side.looks.quantities for side in (self.train, self.clips)]
        values = torch.cat(tables).numpy()
        labels = np.concatenate([self.train.labels, self.clips.labels])
        return tuple(Spread.of(kind, values[:, at], labels) for at, kind in enumerate(kinds))

    @property
    def n_channels(self) -> int:
        """Two where the clips' stereo image is measured."""
        rate = self.reference.dataset.clip.sample_rate
        mono = len(quantities_of(rate, 1))
        return 1 if self.train.looks.quantities.shape[1] == mono else 2

    def measure(self, sounds: Described) -> Row:
        """The row of any sounds."""
        return self._row(sounds, others=sounds)

    def measure_real(self, chosen: NDArray[np.int64]) -> Row:
        """The row of real recordings: the training clips at ``chosen`` against the reference clips.

        What looks at the training clips themselves, as do neighbours, bins and the classifier
        that was trained on them, is asked of the reference clips instead.
        """
        return self._row(self.train.rows(chosen), others=self.clips)

    def quantities(self, sounds: Looks, labels: NDArray[np.int64]) -> dict[str, QuantityNumbers]:
        """How far every quantity of some sounds is from the reference clips'."""
        return compared(self.spreads, (self.clips.looks, self.clips.labels), (sounds, labels))

    def _row(self, sounds: Described, *, others: Described) -> Row:
        train, real = self.train.features[WHOLE.name], self.clips.features[WHOLE.name]
        ripples = self.clips.looks.ripples
        return Row(
            clips=len(sounds),
            spaces={
                name: _space(self.clips.features[name], table)
                for name, table in sounds.features.items()
            },
            nearest_neighbour_ratio=nearest_neighbour_ratio(
                train, real, others.features[WHOLE.name]
            ),
            diversity_ratio=diversity_ratio(real, sounds.features[WHOLE.name]),
            different_bins=different_bins(train, others.features[WHOLE.name], seed=MEASURE_SEED),
            quantities=self.quantities(sounds.looks, sounds.labels),
            ripples={
                axis: line_db(ripples[axis], found) for axis, found in sounds.looks.ripples.items()
            },
            classes=_classes(others, self.clips, self.reference.dataset.labels),
        )


def compared(
    spreads: tuple[Spread, ...],
    real: tuple[Looks, NDArray[np.int64]],
    fake: tuple[Looks, NDArray[np.int64]],
) -> dict[str, QuantityNumbers]:
    """Every quantity of ``fake`` beside that of ``real``; without those that either lacks."""
    found = {}
    for at, spread in enumerate(spreads):
        sides = [(looks.quantities[:, at].numpy(), labels) for looks, labels in (real, fake)]
        gap = spread.compare(*sides)
        if gap is not None:
            median, real_median = (float(np.nanmedian(values)) for values, _ in sides[::-1])
            found[spread.quantity.key] = QuantityNumbers(gap, median, real_median)
    return found


def _space(real: Tensor, sounds: Tensor) -> SpaceNumbers:
    return SpaceNumbers(
        kernel_distance=kernel_distance_interval(real, sounds, seed=MEASURE_SEED),
        frechet_distance=frechet_distance(real, sounds),
        manifold=manifold_scores(real, sounds),
    )


def _classes(sounds: Described, clips: Described, names: tuple[str, ...]) -> ClassNumbers | None:
    if sounds.probabilities is None or clips.probabilities is None:
        return None
    heard, real = (
        found.argmax(dim=1).bincount(minlength=len(names)).double() / len(found)
        for found in (sounds.probabilities, clips.probabilities)
    )
    ratio = torch.where(real > 0, heard / real, torch.inf)
    rarest = int(ratio.argmin())
    known = torch.from_numpy(np.flatnonzero(sounds.labels >= 0))
    asked = sounds.probabilities[known], torch.from_numpy(sounds.labels)[known]
    of_class = class_accuracies(*asked) if len(known) else {}
    return ClassNumbers(
        heard_as=dict(zip(names, heard.tolist(), strict=True)),
        inception_score=inception_score(sounds.probabilities),
        accuracy=class_accuracy(*asked) if len(known) else None,
        of_class={names[number]: share for number, share in of_class.items()},
        rarest=(names[rarest], float(ratio[rarest])),
    )
