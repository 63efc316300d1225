"""The real sounds that everything is measured against."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.data.dataset import PreparedDataset
from soundgan.errors import UsageError
from soundgan.pipelines.evaluate.request import MEASURE_SEED
from soundgan.pipelines.evaluate.sounds import pictures_of
from soundgan.reporting import Reporter
from soundgan.runtime.seeding import numpy_stream

LEAST_CLIPS = 10
"""With fewer on either side no number means anything."""

MOST_TRAIN_CLIPS = 20_000
MOST_HELD_OUT_CLIPS = 5_000
_BATCH = 2048


@dataclass(frozen=True, eq=False)
class Split:
    """Some clips of a dataset and their pictures.

    Attributes:
        indices: Positions in the dataset, ascending, int64 [n].
        labels: Their classes, or -1, int64 [n].
        pictures: Log-mel pictures [n, 64, 64] in [-1, 1].
    """

    indices: NDArray[np.int64]
    labels: NDArray[np.int64]
    pictures: Tensor

    def __len__(self) -> int:
        return len(self.indices)


@dataclass(frozen=True, eq=False)
class Reference:
    """Both splits of a dataset; of very large ones, an even sample."""

    dataset: PreparedDataset
    train: Split
    held_out: Split


def open_reference(dataset: PreparedDataset, reporter: Reporter) -> Reference:
    """Look at the clips of ``dataset``.

    Raises:
        UsageError: There are too few to measure anything with.
    """
    _refuse_few(dataset)
    for indices, most, name in (
        (dataset.train_indices, MOST_TRAIN_CLIPS, "training"),
        (dataset.held_out_indices, MOST_HELD_OUT_CLIPS, "held-out"),
    ):
        if len(indices) > most:
            reporter.say(f"of {len(indices):,} {name} clips, {most:,} are used")
    return Reference(
        dataset=dataset,
        train=_split(dataset, _sample(dataset.train_indices, MOST_TRAIN_CLIPS), reporter),
        held_out=_split(dataset, _sample(dataset.held_out_indices, MOST_HELD_OUT_CLIPS), reporter),
    )


def _refuse_few(dataset: PreparedDataset) -> None:
    held_out, train = len(dataset.held_out_indices), len(dataset.train_indices)
    if held_out < LEAST_CLIPS:
        remedy = f"prepare more sounds: of {held_out + train} clips too few can be kept back"
        if held_out + train >= 4 * LEAST_CLIPS:
            share = min(0.5, math.ceil(150 * LEAST_CLIPS / (held_out + train)) / 100)
            remedy = f"prepare the sounds again with `held_out={share:g}`, and train on that"
        raise UsageError(
            f"{dataset.place}: {held_out} held-out clips, "
            f"at least {LEAST_CLIPS} are needed; {remedy}"
        )
    if train < LEAST_CLIPS:
        raise UsageError(
            f"{dataset.place}: {train} training clips, at least {LEAST_CLIPS} are needed; "
            "prepare more sounds"
        )


def _sample(indices: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    if len(indices) <= most:
        return indices
    order = numpy_stream(MEASURE_SEED, "evaluate", "clips").permutation(len(indices))
    return np.sort(indices[order[:most]])


def _split(dataset: PreparedDataset, indices: NDArray[np.int64], reporter: Reporter) -> Split:
    parts, task = [], "looking at real clips"
    for start in range(0, len(indices), _BATCH):
        samples = dataset.samples(indices[start : start + _BATCH])
        parts.append(pictures_of(samples, dataset.clip.sample_rate))
        reporter.progress(task, min(start + _BATCH, len(indices)), len(indices))
    reporter.finish(task)
    return Split(indices, dataset.label_ids[indices], torch.cat(parts))
