"""The table: one set of sounds, one row of numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.evaluation.bins import different_bins
from soundgan.evaluation.distances import Interval, frechet_distance, kernel_distance_interval
from soundgan.evaluation.manifold import ManifoldScores, manifold_scores
from soundgan.evaluation.neighbours import diversity_ratio, nearest_neighbour_ratio
from soundgan.evaluation.scores import class_accuracies, class_accuracy, inception_score
from soundgan.pipelines.evaluate.extractors import PATCHES, Extractors
from soundgan.pipelines.evaluate.reference import Reference
from soundgan.pipelines.evaluate.request import MEASURE_SEED

ROWS = ("candidate", "real", "copy_synthesis", "noise")


@dataclass(frozen=True)
class SpaceNumbers:
    """Numbers in the space of one feature extractor, against the held-out clips."""

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
    """

    heard_as: dict[str, float]
    inception_score: float
    accuracy: float | None
    of_class: dict[str, float]

    @property
    def worst(self) -> tuple[str, float] | None:
        """Name and accuracy of the class that is most often mistaken."""
        if not self.of_class:
            return None
        name = min(self.of_class, key=lambda name: self.of_class[name])
        return name, self.of_class[name]


@dataclass(frozen=True)
class Row:
    """All numbers of one set of sounds.

    Attributes:
        clips: How many sounds.
        spaces: By name of the extractor.
        nearest_neighbour_ratio: Distance to the nearest training clip, as a part of that of real
            clips which were not trained on.
        diversity_ratio: Distance between two of the sounds, as a part of that of held-out clips.
        different_bins: Share of the clusters of training clips that get too many or too few.
        classes: What the classifier says, where there is one.
    """

    clips: int
    spaces: dict[str, SpaceNumbers]
    nearest_neighbour_ratio: float
    diversity_ratio: float
    different_bins: float
    classes: ClassNumbers | None


@dataclass(frozen=True, eq=False)
class Described:
    """Some sounds as the extractors see them.

    Attributes:
        features: [n, D] by name of the extractor.
        probabilities: Of the classes [n, K], where there is a classifier.
        labels: What each sound should be, or -1, int64 [n].
    """

    features: dict[str, Tensor]
    probabilities: Tensor | None
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def rows(self, index: NDArray[np.int64]) -> Described:
        """Some of them."""
        chosen = torch.from_numpy(index)
        return Described(
            {name: table[chosen] for name, table in self.features.items()},
            None if self.probabilities is None else self.probabilities[chosen],
            self.labels[index],
        )


def describe(extractors: Extractors, pictures: Tensor, labels: NDArray[np.int64]) -> Described:
    """Look at pictures [n, 64, 64] through every extractor."""
    return Described(extractors.features(pictures), extractors.probabilities(pictures), labels)


@dataclass(frozen=True, eq=False)
class Ruler:
    """Both splits as the extractors see them, to measure sets of sounds with."""

    reference: Reference
    train: Described
    held_out: Described

    def measure(self, sounds: Described) -> Row:
        """The row of any sounds."""
        return self._row(sounds, others=sounds)

    def measure_real(self, chosen: NDArray[np.int64]) -> Row:
        """The row of real recordings: the training clips at ``chosen`` against the held-out ones.

        What looks at the training clips themselves, as do neighbours, bins and the classifier
        that was trained on them, is asked of the held-out clips instead.
        """
        return self._row(self.train.rows(chosen), others=self.held_out)

    def _row(self, sounds: Described, *, others: Described) -> Row:
        train, held_out = self.train.features[PATCHES], self.held_out.features[PATCHES]
        return Row(
            clips=len(sounds),
            spaces={
                name: _space(self.held_out.features[name], table)
                for name, table in sounds.features.items()
            },
            nearest_neighbour_ratio=nearest_neighbour_ratio(
                train, held_out, others.features[PATCHES]
            ),
            diversity_ratio=diversity_ratio(held_out, sounds.features[PATCHES]),
            different_bins=different_bins(train, others.features[PATCHES], seed=MEASURE_SEED),
            classes=_classes(others, self.reference.dataset.labels),
        )


def _space(held_out: Tensor, sounds: Tensor) -> SpaceNumbers:
    return SpaceNumbers(
        kernel_distance=kernel_distance_interval(held_out, sounds, seed=MEASURE_SEED),
        frechet_distance=frechet_distance(held_out, sounds),
        manifold=manifold_scores(held_out, sounds),
    )


def _classes(sounds: Described, names: tuple[str, ...]) -> ClassNumbers | None:
    if sounds.probabilities is None:
        return None
    heard = sounds.probabilities.argmax(dim=1).numpy()
    counts = np.bincount(heard, minlength=len(names))
    known = torch.from_numpy(np.flatnonzero(sounds.labels >= 0))
    asked = sounds.probabilities[known], torch.from_numpy(sounds.labels)[known]
    of_class = class_accuracies(*asked) if len(known) else {}
    return ClassNumbers(
        heard_as={
            name: float(count) / len(heard) for name, count in zip(names, counts, strict=True)
        },
        inception_score=inception_score(sounds.probabilities),
        accuracy=class_accuracy(*asked) if len(known) else None,
        of_class={names[number]: share for number, share in of_class.items()},
    )
