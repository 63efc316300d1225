"""The clips of a dataset as the networks see them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.codec.build import build_codec
from soundgan.codec.spectrogram import SpectrogramCodec
from soundgan.pipelines.task import Task
from soundgan.training.batches import Batches

_AT_A_TIME = 256


@dataclass(frozen=True)
class TrainingClips:
    """A dataset and the codec fitted on its training clips.

    Attributes:
        task: What is trained on what.
        codec: Fitted.
        device: Where batches go.
    """

    task: Task
    codec: SpectrogramCodec
    device: torch.device

    @classmethod
    def of(cls, task: Task, device: torch.device) -> TrainingClips:
        """The clips of a task, after fitting the config's codec."""
        codec = build_codec(task.config, task.dataset.clip, task.place)
        codec.fit(_waveforms(task, task.dataset.train_indices))
        return cls(task, codec, device)

    def images(self, indices: NDArray[np.int64]) -> Tensor:
        """Images [N, C, F, T] of these clips."""
        encoded = [self.codec.encode(part) for part in _waveforms(self.task, indices)]
        return torch.cat(encoded) if encoded else torch.zeros(0, *self.codec.shape)

    def batches(self, indices: NDArray[np.int64]) -> Batches:
        """Endless batches drawn from these clips, as the config asks."""
        config, dataset = self.task.config, self.task.dataset
        return Batches(
            dataset,
            indices,
            dataset.label_ids if self.task.labels else None,
            self.codec,
            batch_size=config.training.batch_size,
            seed=config.training.seed,
            balanced=config.data.balanced,
            device=self.device,
        )


def spread_out(indices: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """At most so many of them, evenly spaced: neighbours are often of one class."""
    return indices[:: max(1, math.ceil(len(indices) / most))]


def _waveforms(task: Task, indices: NDArray[np.int64]) -> Iterator[Tensor]:
    for start in range(0, len(indices), _AT_A_TIME):
        yield torch.from_numpy(task.dataset.waveforms(indices[start : start + _AT_A_TIME]))
