"""The clips of a run as the networks see them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from soundgan.codec.contract import Codec
from soundgan.pipelines.task import Task
from soundgan.training.batches import Batches
from soundgan.training.encoded import EncodedClips, spread_out
from soundgan.training.reference import Reference


@dataclass(frozen=True)
class TrainingClips:
    """A dataset as the codec that is fitted on its training clips shows it.

    Attributes:
        task: What is trained on what.
        codec: Fitted.
        train: Training clips.
        validation: Those that are not trained on.
    """

    task: Task
    codec: Codec
    train: EncodedClips
    validation: EncodedClips

    @classmethod
    def of(cls, task: Task, device: torch.device) -> TrainingClips:
        """The clips of a task, after fitting the config's codec; batches go to ``device``."""
        dataset = task.dataset
        codec = task.assembly.codec
        train = EncodedClips.fitting(
            dataset.for_models, dataset.train_indices, codec, device=device
        )
        validation = EncodedClips(
            dataset.for_models, dataset.validation_indices, codec, device=device
        )
        return cls(task, codec, train, validation)

    def batches(self, clips: EncodedClips) -> Batches:
        """Endless batches drawn from these clips, as the config asks."""
        config = self.task.config
        return Batches(
            clips,
            self.task.dataset.label_ids if self.task.labels else None,
            batch_size=config.training.batch_size,
            seed=config.training.seed,
            balanced=config.data.balanced,
        )

    def reference(self, most: int) -> Reference:
        """At most so many training clips to measure by."""
        rows = spread_out(self.train.indices, most)
        return Reference(self.codec, self.train.spread(most), self.labels(rows))

    def labels(self, indices: NDArray[np.int64]) -> NDArray[np.int64] | None:
        """Classes of clips of the dataset, or ``None`` where the networks know none."""
        return self.task.dataset.label_ids[indices] if self.task.labels else None
