"""Which images a step sees: position k of an endless shuffled sequence, without any state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.representations.contract import Representation
from soundgan.runtime.seeding import numpy_stream

MAX_CACHED_BYTES = 4 * 1024**3
"""Images of a larger dataset are encoded again for every batch instead of being kept."""


class Clips(Protocol):
    """Where waveforms come from."""

    def waveforms(self, indices: NDArray[np.int64]) -> NDArray[np.float32]:
        """Waveforms [B, N] of clips."""


@dataclass(frozen=True)
class Batch:
    """Images [B, C, F, T] and, when conditional, labels [B]."""

    images: Tensor
    labels: Tensor | None


class Batches:
    """The training images in an order that follows from seed and position alone.

    Args:
        clips: The dataset.
        indices: Which of its clips to train on, [n].
        labels: Class of every clip of the dataset, or ``None``.
        representation: Makes the images.
        batch_size: Images per batch.
        seed: Origin of the order.
    """

    def __init__(
        self,
        clips: Clips,
        indices: NDArray[np.int64],
        labels: NDArray[np.int64] | None,
        representation: Representation,
        *,
        batch_size: int,
        seed: int,
    ) -> None:
        self._clips = clips
        self._indices = indices
        self._labels = labels
        self._representation = representation
        self._batch_size = batch_size
        self._seed = seed
        self._epoch = -1
        self._order: NDArray[np.int64] = indices
        self._cache = self._encode_all() if self._n_bytes() <= MAX_CACHED_BYTES else None

    def at(self, position: int) -> Batch:
        """The batch at ``position``; epochs follow each other without a gap."""
        n = len(self._indices)
        items = range(position * self._batch_size, (position + 1) * self._batch_size)
        rows = np.array([self._permutation(item // n)[item % n] for item in items])
        if self._cache is not None:
            images = self._cache[torch.from_numpy(rows)]
        else:
            images = self._encode(self._indices[rows])
        if self._labels is None:
            return Batch(images, None)
        return Batch(images, torch.from_numpy(self._labels[self._indices[rows]]))

    def _permutation(self, epoch: int) -> NDArray[np.int64]:
        if epoch != self._epoch:
            stream = numpy_stream(self._seed, "order", epoch)
            self._epoch, self._order = epoch, stream.permutation(len(self._indices))
        return self._order

    def _n_bytes(self) -> int:
        channels, height, width = self._representation.image.shape
        return len(self._indices) * channels * height * width * 4

    def _encode_all(self) -> Tensor:
        parts = [
            self._encode(self._indices[start : start + 256])
            for start in range(0, len(self._indices), 256)
        ]
        return torch.cat(parts)

    def _encode(self, indices: NDArray[np.int64]) -> Tensor:
        return self._representation.encode(torch.from_numpy(self._clips.waveforms(indices)))
