"""The real sounds that everything is measured against."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from soundgan.data.dataset import PreparedDataset
from soundgan.data.split import SMALLEST_TEST
from soundgan.errors import UsageError
from soundgan.pipelines.evaluate.looks import Looks, joined, look_at
from soundgan.pipelines.evaluate.request import MEASURE_SEED, Kept
from soundgan.reporting import Reporter
from soundgan.runtime.seeding import numpy_stream
from soundgan.words import counted

LEAST_CLIPS = 10
"""With fewer on either side no number means anything."""

MOST_TRAIN_CLIPS = 10_000
MOST_REFERENCE_CLIPS = 5_000
_BATCH = 256


@dataclass(frozen=True, eq=False)
class Split:
    """Some clips of a dataset and what is seen of them.

    Attributes:
        indices: Positions in the dataset, ascending, int64 [n].
        labels: Their classes, or -1, int64 [n].
        looks: What is seen of each.
    """

    indices: NDArray[np.int64]
    labels: NDArray[np.int64]
    looks: Looks

    def __len__(self) -> int:
        return len(self.indices)


@dataclass(frozen=True, eq=False)
class Reference:
    """The clips of a dataset that sounds are measured against; of very many, an even sample.

    Attributes:
        dataset: The dataset.
        name: Split of the reference clips: ``test``, ``validation``, or ``held_out`` of datasets
            that were prepared before these were two.
        train: Clips trained on.
        clips: Reference clips, which were not trained on.
    """

    dataset: PreparedDataset
    name: Literal["test", "validation", "held_out"]
    train: Split
    clips: Split

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader of the numbers should know."""
        if self.name == "test" or self.dataset.tests_apart:
            return ()
        why = "it was prepared before there was one; prepare the sounds again for it"
        if self.name == "validation":
            why = f"it was too small to keep {SMALLEST_TEST} clips for it, or asked not to"
        return (
            f"this dataset has no test split of its own ({why}), so its validation clips were "
            "taken, by which the training chose its best average: the numbers flatter a little",
        )


def open_reference(
    dataset: PreparedDataset, reporter: Reporter, wanted: Kept = "test"
) -> Reference:
    """Look at the clips of ``dataset``: those trained on, and those of the split ``wanted``.

    Raises:
        UsageError: There are too few to measure anything with.
    """
    name, kept = _kept(dataset, wanted)
    _refuse_few(dataset, kept, name)
    for indices, most, kind in (
        (dataset.train_indices, MOST_TRAIN_CLIPS, "training"),
        (kept, MOST_REFERENCE_CLIPS, called(name)),
    ):
        if len(indices) > most:
            reporter.say(f"of {len(indices):,} {kind} clips, {most:,} are used")
    return Reference(
        dataset=dataset,
        name=name,
        train=_split(dataset, _sample(dataset.train_indices, MOST_TRAIN_CLIPS), reporter),
        clips=_split(dataset, _sample(kept, MOST_REFERENCE_CLIPS), reporter),
    )


def called(split: str) -> str:
    """What kind of clips the reference clips are, in words."""
    return "reference" if split == "held_out" else split


def _kept(
    dataset: PreparedDataset, wanted: Kept
) -> tuple[Literal["test", "validation", "held_out"], NDArray[np.int64]]:
    """The clips to measure against, and what they are called."""
    if dataset.manifest.schema_number < 3:
        return "held_out", dataset.test_indices
    if wanted == "test" and dataset.tests_apart:
        return "test", dataset.test_indices
    return "validation", dataset.validation_indices


def _refuse_few(dataset: PreparedDataset, kept: NDArray[np.int64], name: str) -> None:
    train = len(dataset.train_indices)
    if len(kept) < LEAST_CLIPS:
        every = train + len(np.union1d(dataset.validation_indices, dataset.test_indices))
        remedy = f"prepare more sounds: {every} clips are too few to keep so many back"
        if every >= 4 * LEAST_CLIPS:
            share = min(0.5, math.ceil(150 * LEAST_CLIPS / every) / 100)
            option = "validation" if name == "validation" else "test"
            remedy = f"prepare the sounds again with `{option}={share:g}`, and train on that"
        raise UsageError(
            f"{dataset.place}: {counted(len(kept), f'{called(name)} clip')}, "
            f"at least {LEAST_CLIPS} are needed; {remedy}"
        )
    if train < LEAST_CLIPS:
        raise UsageError(
            f"{dataset.place}: {counted(train, 'training clip')}, at least {LEAST_CLIPS} are "
            "needed; prepare more sounds"
        )


def _sample(indices: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    if len(indices) <= most:
        return indices
    order = numpy_stream(MEASURE_SEED, "evaluate", "clips").permutation(len(indices))
    return np.sort(indices[order[:most]])


def _split(dataset: PreparedDataset, indices: NDArray[np.int64], reporter: Reporter) -> Split:
    parts, task = [], "looking at real clips"
    for start in range(0, len(indices), _BATCH):
        samples = dataset.for_models.samples(indices[start : start + _BATCH])
        parts.append(look_at(samples, dataset.clip.sample_rate))
        reporter.progress(task, min(start + _BATCH, len(indices)), len(indices))
    reporter.finish(task)
    return Split(indices, dataset.label_ids[indices], joined(parts))
