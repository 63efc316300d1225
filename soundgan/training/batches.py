"""Which images a step sees: position k of an endless shuffled sequence, without any state."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.codec.contract import Codec
from soundgan.runtime.memory import free_bytes
from soundgan.runtime.seeding import numpy_stream

MAX_CACHED_BYTES = 4 * 1024**3
"""Images of a larger dataset are encoded again for every batch instead of being kept."""

RESIDENT_SHARE = 0.25
"""Share of a device's free memory that the images may take; else they come over for every batch."""

CPU = torch.device("cpu")


class Clips(Protocol):
    """Where waveforms come from."""

    def waveforms(self, indices: NDArray[np.int64]) -> NDArray[np.float32]:
        """Waveforms [B, N] of clips."""


@dataclass(frozen=True)
class Batch:
    """Images [B, C, F, T] and, when conditional, labels [B]."""

    images: Tensor
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
    """The training images in an order that follows from seed and position alone.

    Args:
        clips: The dataset.
        indices: Which of its clips to train on, [n].
        labels: Class of every clip of the dataset, or ``None``.
        codec: Makes the images.
        batch_size: Images per batch.
        seed: Origin of the order.
        balanced: Draw every class equally often; needs ``labels``.
        device: Where the images are to be, if they fit there.
    """

    def __init__(
        self,
        clips: Clips,
        indices: NDArray[np.int64],
        labels: NDArray[np.int64] | None,
        codec: Codec,
        *,
        batch_size: int,
        seed: int,
        balanced: bool = False,
        device: torch.device = CPU,
    ) -> None:
        self._clips = clips
        self._indices = indices
        self._labels = labels
        self._codec = codec
        self._batch_size = batch_size
        self._order = (
            BalancedOrder(labels[indices], seed)
            if balanced and labels is not None
            else ShuffledOrder(len(indices), seed)
        )
        self._cache = self._encode_all() if self._n_bytes() <= MAX_CACHED_BYTES else None
        if self._cache is not None and self._n_bytes() <= _room(device):
            self._cache = self._cache.to(device)

    def at(self, position: int) -> Batch:
        """The batch at ``position``; epochs follow each other without a gap."""
        items = range(position * self._batch_size, (position + 1) * self._batch_size)
        rows = np.array([self._order[item] for item in items])
        if self._cache is not None:
            images = self._cache[torch.from_numpy(rows).to(self._cache.device)]
        else:
            images = self._encode(self._indices[rows])
        if self._labels is None:
            return Batch(images, None)
        return Batch(images, torch.from_numpy(self._labels[self._indices[rows]]))

    def _n_bytes(self) -> int:
        return len(self._indices) * math.prod(self._codec.shape) * 4

    def _encode_all(self) -> Tensor:
        parts = [
            self._encode(self._indices[start : start + 256])
            for start in range(0, len(self._indices), 256)
        ]
        return torch.cat(parts)

    def _encode(self, indices: NDArray[np.int64]) -> Tensor:
        return self._codec.encode(torch.from_numpy(self._clips.waveforms(indices)))


def _room(device: torch.device) -> float:
    """Bytes that images may take on a device; the main memory has been seen to already."""
    if device == CPU:
        return math.inf
    return RESIDENT_SHARE * (free_bytes(device) or 0)
