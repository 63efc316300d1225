"""Real drums in three parts: to learn from, to measure against, and to spoil."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray

from soundgan.audio.resample import resample
from soundgan.data.in_memory import dataset_from_arrays
from soundgan.data.split import Shares
from soundgan.drums.kit import CLASSES, play
from soundgan.evaluation.classifier import train_classifier
from soundgan.evaluation.patches import PatchFeatures
from soundgan.evaluation.view import VIEWS
from soundgan.pipelines.evaluate.chance import Chance, chances_of
from soundgan.pipelines.evaluate.excess import times_of
from soundgan.pipelines.evaluate.extractors import Extractors
from soundgan.pipelines.evaluate.looks import look_at
from soundgan.pipelines.evaluate.numbers import row_document, value_at
from soundgan.pipelines.evaluate.reference import Reference, Split
from soundgan.pipelines.evaluate.rows import Ruler, describe
from tests.evaluation.corpora import fitted
from tests.evaluation.faults import FAULTS, Clips, at_peak

NAMES = {
    "whole.kernel_distance": "whole, kernel",
    "whole.precision": "precision",
    "whole.recall": "recall",
    "attack.kernel_distance": "attack, kernel",
    "attack.precision": "precision",
    "attack.recall": "recall",
    "quantities.attack_time": "attack time",
    "quantities.steepness": "steepest rise",
    "quantities.crest_factor": "crest",
    "quantities.decay_time": "decay",
    "quantities.length": "length",
    "quantities.end_level": "end",
    "quantities.brightness": "brightness",
    "quantities.upper_edge": "upper edge",
    "quantities.above_8_khz": "above 8 kHz",
    "ripples.time": "pattern, time",
    "ripples.frequency": "pattern, frequency",
}
"""The columns of the table."""


@dataclass(frozen=True, eq=False)
class Hits:
    """Waveforms [n, N] in random order, of so many Hz, with their classes."""

    clips: Clips
    labels: NDArray[np.int64]
    rate: int


def synthesised(per_class: int, rate: int = 44_100, seconds: float = 0.6) -> Hits:
    """So many hits of every drum of the built-in kit."""
    clips, labels = [], []
    for label, voice in enumerate(CLASSES):
        for number in range(1, per_class + 1):
            hit = play(voice, number, seed=3)
            blocks = list(resample([hit.waveform], hit.recording.sample_rate, rate))
            clips.append(_aired(fitted(np.concatenate(blocks), round(seconds * rate)), rate))
            labels.append(label)
    return shuffled(clips, labels, rate)


def _aired(waveform: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """With faint noise up to Nyquist that follows it, as the kit alone is dull."""
    noise = np.random.default_rng(len(waveform)).standard_normal(len(waveform))
    window = np.ones(rate // 500) / (rate // 500)
    envelope = np.convolve(waveform.astype(np.float64) ** 2, window)[: len(waveform)] ** 0.5
    found: NDArray[np.float32] = (waveform + 0.1 * envelope * noise).astype(np.float32)
    return found


def recorded(folder: Path, rate: int = 44_100, seconds: float = 1.3) -> Hits:
    """The hits below a folder, classes by the folders in it."""
    classes = sorted(path.name for path in folder.iterdir() if path.is_dir())
    clips, labels = [], []
    for label, name in enumerate(classes):
        for path in sorted((folder / name).iterdir()):
            waveform, own = soundfile.read(path, dtype="float32", always_2d=True)
            mono = np.concatenate(list(resample([waveform.mean(axis=1)], own, rate)))
            loud = np.flatnonzero(np.abs(mono) >= 0.01 * np.abs(mono).max())
            if len(loud):
                start = max(0, int(loud[0]) - rate // 200)
                clips.append(fitted(_faded(mono[start : loud[-1] + rate // 100], rate), round(seconds * rate)))  # fmt: skip  # noqa: E501
                labels.append(label)
    return shuffled(clips, labels, rate)


def _faded(waveform: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    n = min(len(waveform), rate // 100)
    waveform[-n:] *= np.linspace(1.0, 0.0, n, dtype=np.float32)
    return waveform


def shuffled(clips: list[NDArray[np.float32]], labels: list[int], rate: int) -> Hits:
    """Clips of one length in random order."""
    order = np.random.default_rng(0).permutation(len(clips))
    return Hits(np.stack(clips)[order].astype(np.float64), np.array(labels)[order], rate)


@dataclass(frozen=True, eq=False)
class Bench:
    """A third to learn from, a third to measure against, a third to spoil."""

    hits: Hits

    @property
    def n(self) -> int:
        """Clips in a third."""
        return len(self.hits.clips) // 3

    @cached_property
    def unseen(self) -> tuple[Clips, NDArray[np.int64]]:
        """Clips to spoil, and their classes."""
        return self.hits.clips[2 * self.n :], self.hits.labels[2 * self.n :]

    @cached_property
    def extractors(self) -> Extractors:
        """Fitted on the first third."""
        train, clips = self._split(0), self._split(1)
        patches = {
            view.name: PatchFeatures.of_statistics(train.looks.cells[view.name].double())
            for view in VIEWS
        }
        classifier = train_classifier(
            train.looks.pictures, torch.from_numpy(train.labels),
            clips.looks.pictures, torch.from_numpy(clips.labels),
            int(self.hits.labels.max()) + 1, seed=0, epochs=40,
        )  # fmt: skip
        return Extractors(patches, classifier)

    @cached_property
    def ruler(self) -> Ruler:
        """Of the first two thirds."""
        names = [f"class {label:02}" for label in sorted(set(self.hits.labels.tolist()))]
        tone = np.full(2048, 0.5, np.float32)
        waveforms = [tone * (0.5 + 0.01 * number) for number in range(len(names))]
        dataset = dataset_from_arrays(
            waveforms, self.hits.rate, names, shares=Shares(validation=0.0, test=0.0)
        )
        train, clips = self._split(0), self._split(1)
        sides = (describe(self.extractors, s.looks, s.labels) for s in (train, clips))
        return Ruler(Reference(dataset, "test", train, clips), *sides)

    @cached_property
    def chances(self) -> dict[str, Chance]:
        """What chance does to a third against a third."""
        return chances_of(self.ruler, self.n, labelled=True)

    def row(self, clips: Clips, labels: NDArray[np.int64]) -> dict[str, Any]:
        """All numbers of some sounds."""
        looks = look_at(at_peak(clips), self.hits.rate)
        return row_document(self.ruler.measure(describe(self.extractors, looks, labels)))

    def times(self, clips: Clips, labels: NDArray[np.int64]) -> dict[str, float]:
        """Each number in times of what chance does."""
        row = self.row(clips, labels)
        return {
            key: times_of(key, value, self.chances[key])
            for key in NAMES
            if key in self.chances and (value := value_at(row, key)) is not None
        }

    def spoilt(self, fault: str) -> tuple[Clips, NDArray[np.int64]]:
        """The unseen clips with a fault."""
        clips, labels = self.unseen
        if fault == "one class missing":
            kept = labels != 1
            return clips[kept], labels[kept]
        if fault == "twenty modes":
            chosen = np.arange(len(clips)) % 20
            return clips[chosen], labels[chosen]
        return (FAULTS[fault](clips, self.hits.rate) if fault else clips), labels

    def _split(self, third: int) -> Split:
        index = np.arange(third * self.n, (third + 1) * self.n)
        looks = look_at(at_peak(self.hits.clips[index]), self.hits.rate)
        return Split(index, self.hits.labels[index], looks)
