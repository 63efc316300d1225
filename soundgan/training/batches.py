"""Which clips a step sees: position k of an endless shuffled sequence, without any state."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.runtime.seeding import numpy_stream
from soundgan.training.encoded import EncodedClips


@dataclass(frozen=True)
class Batch:
    """What the networks see of some clips, x [B, *shape], and, when conditional, labels [B]."""

    x: Tensor
    labels: Tensor | None


class ShuffledOrder:
    """Row of every position: epoch after epoch, each a permutation of its own."""

    def __init__(self, n: int, seed: int, *address: str | int) -> None:
        self._n, self._seed, self._address = n, seed, address
        self._epoch = -1
        self._rows: NDArray[np.int64] = np.zeros(0, np.int64)

    def __getitem__(self, position: int) -> int:
        epoch, place = divmod(position, self._n)
        if epoch != self._epoch:
            stream = numpy_stream(self._seed, "order", *self._address, epoch)
            self._epoch, self._rows = epoch, stream.permutation(self._n)
        return int(self._rows[place])


class BalancedOrder:
    """Row of every position: rounds of all classes, and within a class epoch after epoch."""

    def __init__(self, labels: NDArray[np.int64], seed: int) -> None:
        classes = np.unique(labels)
        self._rows = [np.flatnonzero(labels == label) for label in classes]
        self._within = [
            ShuffledOrder(len(rows), seed, "class", int(label))
            for label, rows in zip(classes, self._rows, strict=True)
        ]
        self._classes = ShuffledOrder(len(classes), seed, "classes")

    def __getitem__(self, position: int) -> int:
        number = self._classes[position]
        return int(self._rows[number][self._within[number][position // len(self._rows)]])


class Batches:
    """The training clips in an order that follows from seed and position alone.

    Args:
        clips: To train on, encoded.
        labels: Class of every clip of their dataset, or ``None``.
        batch_size: Clips per batch.
        seed: Origin of the order.
        balanced: Draw every class equally often; needs ``labels``.
    """

    def __init__(
        self,
        clips: EncodedClips,
        labels: NDArray[np.int64] | None,
        *,
        batch_size: int,
        seed: int,
        balanced: bool = False,
    ) -> None:
        self._clips = clips
        self._labels = None if labels is None else labels[clips.indices]
        self._batch_size = batch_size
        self._order = (
            BalancedOrder(self._labels, seed)
            if balanced and self._labels is not None
            else ShuffledOrder(len(clips), seed)
        )

    def at(self, position: int) -> Batch:
        """The batch at ``position``; epochs follow each other without a gap."""
        items = range(position * self._batch_size, (position + 1) * self._batch_size)
        rows = np.array([self._order[item] for item in items])
        x = self._clips.at(rows)
        return Batch(x, None if self._labels is None else torch.from_numpy(self._labels[rows]))
