"""The sounds that the page lets one hear: the first of each class, none chosen by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from soundgan.evaluation.neighbours import nearest
from soundgan.evaluation.view import WHOLE
from soundgan.pipelines.evaluate.reference import Split
from soundgan.pipelines.evaluate.rows import Described, Ruler
from soundgan.pipelines.evaluate.sound_set import SoundSet, waveforms_of
from soundgan.words import percent

PAGE_BYTES = 4_400_000
"""What sounds and pictures may take of the page before they become text, a third longer."""

_PICTURE_BYTES = 10_000
MOST_CLASSES = 12
_UNCLASSED = 8


@dataclass(frozen=True, eq=False)
class Clip:
    """One sound on the page.

    Attributes:
        name: Where it came from.
        waveform: [N] in [-1, 1], or left and right [2, N].
        picture: [64, 64] in [-1, 1].
        note: A few words about it.
    """

    name: str
    waveform: NDArray[np.float32]
    picture: NDArray[np.float32]
    note: str = ""


@dataclass(frozen=True, eq=False)
class Pair:
    """A generated sound and the training clip that is nearest to it.

    Attributes:
        generated: The sound.
        nearest: The clip.
        distance: Between the two, as a part of what is usual for a reference clip.
    """

    generated: Clip
    nearest: Clip
    distance: float


@dataclass(frozen=True, eq=False)
class Group:
    """Sounds of one class, generated and real.

    Attributes:
        title: The class; empty where there are none.
        pairs: Generated sounds with their nearest training clips.
        real: Reference clips.
        accuracy: Share of the class's sounds that the classifier takes for it.
    """

    title: str
    pairs: tuple[Pair, ...]
    real: tuple[Clip, ...]
    accuracy: float | None = None


def choose_groups(ruler: Ruler, sounds: SoundSet, described: Described) -> tuple[Group, ...]:
    """The first sounds of each class beside real ones, within the size of a page.

    SoundSet without a class are put to the one they are heard as.
    """
    chooser = _Chooser(ruler, sounds, described)
    n_clips = PAGE_BYTES // (2 * sounds.samples[0].size + 44 + _PICTURE_BYTES)
    names = ruler.reference.dataset.labels
    if described.probabilities is None:
        n_pairs = max(1, min(_UNCLASSED, n_clips // 3))
        return (chooser.group("", np.arange(len(sounds)), None, n_pairs, n_pairs),)
    labels = described.labels if sounds.labelled else described.probabilities.argmax(dim=1).numpy()
    shown = [number for number in range(len(names)) if (labels == number).any()][:MOST_CLASSES]
    n_pairs, n_real = (2, 2) if n_clips >= 6 * len(shown) else (1, 1)
    shown = shown[: max(1, n_clips // (2 * n_pairs + n_real))]
    return tuple(
        chooser.group(names[number], np.flatnonzero(labels == number), number, n_pairs, n_real)
        for number in shown
    )


@dataclass(frozen=True, eq=False)
class _Chooser:
    ruler: Ruler
    sounds: SoundSet
    described: Described

    def group(
        self, title: str, rows: NDArray[np.int64], label: int | None, n_pairs: int, n_real: int
    ) -> Group:
        """The first ``n_pairs`` sounds at ``rows`` and ``n_real`` reference clips of the class."""
        chosen = rows[:n_pairs]
        index, distance = nearest(
            self.ruler.train.features[WHOLE.name],
            self.described.features[WHOLE.name][torch.from_numpy(chosen)],
        )
        reference = self.ruler.reference
        originals = self._real(reference.train, index.tolist())
        clips = reference.clips
        real = np.arange(len(clips))
        if label is not None:
            real = np.flatnonzero(clips.labels == label)
        return Group(
            title=title,
            pairs=tuple(
                Pair(self._generated(int(row)), original, float(far) / self._usual())
                for row, original, far in zip(chosen, originals, distance, strict=True)
            ),
            real=self._real(clips, real[:: max(1, len(real) // n_real)][:n_real].tolist()),
            accuracy=self._accuracy(label),
        )

    def _generated(self, row: int) -> Clip:
        return Clip(
            name=self.sounds.names[row],
            waveform=waveforms_of(self.sounds.samples[row]),
            picture=self.described.looks.pictures[row, 0].numpy(),
            note=self._heard(row),
        )

    def _heard(self, row: int) -> str:
        """What the classifier takes the sound for."""
        if self.described.probabilities is None:
            return ""
        share, label = self.described.probabilities[row].max(dim=0)
        name = self.ruler.reference.dataset.labels[int(label)]
        return f"heard as {name}, {percent(float(share))}"

    def _real(self, split: Split, rows: Iterable[int]) -> tuple[Clip, ...]:
        dataset = self.ruler.reference.dataset
        found = []
        for row in rows:
            index = split.indices[row]
            found.append(
                Clip(
                    name=dataset.manifest.clips[index].path.rsplit("/", 1)[-1],
                    waveform=dataset.for_models.waveforms(np.array([index]))[0],
                    picture=split.looks.pictures[row, 0].numpy(),
                    note=self._label(int(split.labels[row])),
                )
            )
        return tuple(found)

    def _label(self, number: int) -> str:
        """The class of a real clip."""
        return f"class {self.ruler.reference.dataset.labels[number]}" if number >= 0 else ""

    def _usual(self) -> float:
        """How far a reference clip is from its nearest training clip, in the mean."""
        found = nearest(
            self.ruler.train.features[WHOLE.name], self.ruler.clips.features[WHOLE.name]
        )
        return float(found[1].mean())

    def _accuracy(self, label: int | None) -> float | None:
        if label is None or not self.sounds.labelled or self.described.probabilities is None:
            return None
        heard = self.described.probabilities.argmax(dim=1).numpy()
        return float((heard[self.described.labels == label] == label).mean())
