"""Sounds of a model, and the training clips after a trip through its images."""

from __future__ import annotations

import os

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.codec.build import preset_codec
from soundgan.codec.contract import Codec
from soundgan.data.dataset import PreparedDataset
from soundgan.inference.model_file import LoadedModel
from soundgan.inference.synthesis import synthesise
from soundgan.pipelines.evaluate.sound_set import SoundSet, match_labels, samples_of, waveforms_of
from soundgan.reporting import Reporter
from soundgan.runtime.threads import map_in_threads

PRESET = "base"
"""Whose images copy-synthesis uses when there is no model."""

_BATCH = 8
_FIT_CLIPS = 512
"""Statistics of a representation settle long before this."""


def generate_sounds(
    model: LoadedModel,
    classes: tuple[str, ...],
    *,
    count: int,
    seed: int,
    truncation: float,
    device: torch.device,
    reporter: Reporter,
) -> SoundSet:
    """``count`` sounds with seeds from ``seed`` on; of a conditional model, the classes in order.

    Each class gets as many sounds as any other, the first ones one more where that cannot be.

    Args:
        model: A loaded model.
        classes: The dataset's classes, which the sounds' labels refer to.
        count: Number of sounds.
        seed: First seed.
        truncation: Factor on the latent.
        device: Where the generator runs.
        reporter: Sees the progress.
    """
    own = model.description.labels
    asked = balanced_labels(count, len(own)) if own else None
    samples = np.empty((count, *model.description.clip.waveform_shape), np.int16)
    task = "generating"
    for row, sound in enumerate(
        synthesise(
            model,
            range(seed, seed + count),
            labels=asked,
            truncation=truncation,
            device=device,
            jobs=os.cpu_count() or 1,
        )
    ):
        samples[row] = samples_of(sound.waveform.numpy())
        reporter.progress(task, row + 1, count)
    reporter.finish(task)
    names = [None] * count if asked is None else [own[label] for label in asked]
    return SoundSet(
        samples=samples,
        labels=match_labels(names, classes),
        names=tuple(f"seed {seed + row}" for row in range(count)),
    )


def balanced_labels(count: int, n_classes: int) -> list[int]:
    """``count`` labels in ascending order, each class as often as any other to within one."""
    share, rest = divmod(count, n_classes)
    return [
        label for label in range(n_classes) for _ in range(share + 1 if label < rest else share)
    ]


def copy_synthesis(
    samples: NDArray[np.int16],
    model: LoadedModel | None,
    dataset: PreparedDataset,
    reporter: Reporter,
) -> NDArray[np.int16]:
    """Clips as they come back from image to sound: no model of such images does better.

    Args:
        samples: The clips, [n, N], or [n, 2, N] of stereo.
        model: Whose images to use; without one, those of the preset ``base``.
        dataset: What the preset's images are fitted to.
        reporter: Sees the progress.
    """
    codec = _fitted_preset(dataset) if model is None else model.codec
    chunks = [range(at, min(at + _BATCH, len(samples))) for at in range(0, len(samples), _BATCH)]

    def copy(rows: range) -> Tensor:
        clips = torch.from_numpy(waveforms_of(samples[rows.start : rows.stop]))
        return codec.decode(codec.encode(clips), rows)

    task = "copy-synthesis"
    copies = np.empty_like(samples)
    # As many chunks at a time as keep every core busy, so that progress can be told in between.
    step = 2 * torch.get_num_threads()
    for start in range(0, len(chunks), step):
        part = chunks[start : start + step]
        for rows, waveforms in zip(part, map_in_threads(copy, part), strict=True):
            for row, waveform in zip(rows, waveforms, strict=True):
                copies[row] = samples_of(waveform.numpy())
        reporter.progress(task, part[-1].stop, len(samples))
    reporter.finish(task)
    return copies


def _fitted_preset(dataset: PreparedDataset) -> Codec:
    """The codec of :data:`PRESET`, as training on the dataset would have it."""
    _, codec = preset_codec(PRESET, dataset.clip)
    train = dataset.train_indices
    spread = np.linspace(0, len(train) - 1, min(_FIT_CLIPS, len(train))).round().astype(np.int64)
    parts = np.array_split(train[spread], 16)
    codec.fit(torch.from_numpy(dataset.for_models.waveforms(part)) for part in parts if len(part))
    return codec
