"""Pictures of real sounds for tests: recorded digits, played drums."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.audio.resample import resample
from soundgan.drums.kit import CLASSES, play
from soundgan.evaluation.view import whole_view

DIGITS_RATE = 8000
DRUMS_RATE = 16000


@dataclass(frozen=True)
class Corpus:
    """Pictures [N, 64, 64] with the class and the source of each, in random order."""

    pictures: Tensor
    labels: Tensor
    speakers: Tensor

    def part(self, start: int, stop: int) -> Corpus:
        """Some of the sounds."""
        kept = slice(start, stop)
        return Corpus(self.pictures[kept], self.labels[kept], self.speakers[kept])


def digits(folder: Path) -> Corpus:
    """All spoken digits below a folder, ``<digit>_<speaker>_<number>.wav``."""
    paths = sorted(folder.rglob("*.wav"))
    names = sorted({path.stem.split("_")[1] for path in paths})
    waveforms = [fitted(soundfile.read(path, dtype="float32")[0], 5120) for path in paths]
    labels = [int(path.stem.split("_")[0]) for path in paths]
    speakers = [names.index(path.stem.split("_")[1]) for path in paths]
    return shuffled(waveforms, DIGITS_RATE, labels, speakers)


def drums(per_class: int) -> Corpus:
    """So many hits of every drum, half a second each."""
    waveforms, labels = [], []
    for label, voice in enumerate(CLASSES):
        for number in range(1, per_class + 1):
            hit = play(voice, number, seed=3)
            blocks = resample([hit.waveform], hit.recording.sample_rate, DRUMS_RATE)
            waveforms.append(fitted(np.concatenate(list(blocks)), DRUMS_RATE // 2))
            labels.append(label)
    return shuffled(waveforms, DRUMS_RATE, labels, labels)


def fitted(waveform: NDArray[np.float32], n_samples: int) -> NDArray[np.float32]:
    """Cut, or padded with silence."""
    return np.pad(waveform[:n_samples], (0, max(0, n_samples - len(waveform))))


def shuffled(
    waveforms: list[NDArray[np.float32]], rate: int, labels: list[int], speakers: list[int]
) -> Corpus:
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
    pictures = whole_view(torch.from_numpy(np.stack(waveforms))[:, None], rate)
    return Corpus(pictures[order], torch.tensor(labels)[order], torch.tensor(speakers)[order])
