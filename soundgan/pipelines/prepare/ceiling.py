"""The audible ceiling: what the road from waveform to image and back costs, before any training."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

import numpy as np
from numpy.typing import NDArray

from soundgan.data.dataset import PreparedDataset
from soundgan.data.manifest import ClipEntry
from soundgan.pipelines.choose_preset import choose_preset, machine_of, presets_for
from soundgan.pipelines.prepare.road import BATCH_SAMPLES, Rebuilt, Road, spread_of
from soundgan.pipelines.prepare.spread import Spread
from soundgan.runtime.threads import map_in_threads, one_thread

CLIPS, LEAST_CLIPS = 64, 16
CLIP_SAMPLES = 6_000_000
"""Of the clips that are measured together: fewer than :data:`CLIPS` if they are very long."""

OTHER_CLIPS = 24
"""Other presets are measured for comparison, on the first clips of the same draw."""

CLASS_CLIPS, MOST_CLASSES = 4, 16
"""Of so few classes each has a few clips measured, whatever was drawn."""

WORSE_DB = 1.0
"""A class that is further than the others by less is not worth naming."""

CLASS_LEAST = 2
"""Measured clips that say something about a class."""

EXAMPLES = 8
EXAMPLE_SAMPLES = 2_000_000
"""All examples together hold no more, which keeps the page small."""

FIT_CLIPS = 512
FIT_SAMPLES = 3_000_000
"""How loud the loudest spot is settles long before this; what is measured is always among them."""


@dataclass(frozen=True)
class Measured:
    """How close one clip stays.

    Attributes:
        index: Its position in the dataset.
        clip: Where it came from.
        label: Its class, or ``None``.
        convergence_db: Spectral convergence; lower is closer.
    """

    index: int
    clip: ClipEntry
    label: str | None
    convergence_db: float


@dataclass(frozen=True, eq=False)
class Example:
    """One clip before and after.

    Attributes:
        measured: Which clip, and how close it stays.
        original: Waveform [N], or [2, N] of stereo.
        rebuilt: The same after waveform, image, waveform, and the image.
    """

    measured: Measured
    original: NDArray[np.float32]
    rebuilt: Rebuilt


@dataclass(frozen=True)
class PresetCeiling:
    """What one preset's images cost.

    Attributes:
        preset: Its name.
        image: (F, T) of its images.
        spread: Over the clips measured.
    """

    preset: str
    image: tuple[int, int]
    spread: Spread


@dataclass(frozen=True)
class Ceiling:
    """What was measured, and on which road.

    Attributes:
        preset: The preset that training would take.
        representation: Name of its representation.
        inversion: Name of its inversion.
        image: (F, T) of its images.
        sample_rate: Of the waveforms, Hz.
        spread: Over clips drawn from all.
        worst_class: The class whose clips suffer most: name, median dB and clips measured.
        others: The same figure for other presets.
        clips: Everything measured, in the order of the dataset.
        examples: A few to listen to, the closest first.
    """

    preset: str
    representation: str
    inversion: str
    image: tuple[int, int]
    sample_rate: int
    spread: Spread
    worst_class: tuple[str, float, int] | None
    others: tuple[PresetCeiling, ...]
    clips: tuple[Measured, ...]
    examples: tuple[Example, ...]

    @property
    def median_db(self) -> float:
        """Median spectral convergence, dB."""
        return self.spread.median_db


def measure_ceiling(dataset: PreparedDataset) -> Ceiling:
    """Send clips through the image and back, with the parts of the preset that would be trained.

    Raises:
        ConfigError: Such clips do not fit its images.
    """
    clips, clip = dataset.manifest.clips, dataset.clip
    drawn, extra = draw_clips(clips, min(CLIPS, max(LEAST_CLIPS, CLIP_SAMPLES // clip.n_samples)))
    order = [*drawn, *extra]
    choice = choose_preset(
        len(dataset.train_indices), clip, len(dataset.labels), machine_of("auto")
    )
    waveforms = dataset.for_models.waveforms(np.array(order))
    fewer = waveforms[: min(OTHER_CLIPS, len(drawn))]
    compared = [preset for preset in presets_for(clip) if preset != choice.preset]
    (road, rebuilt), *others = map_in_threads(
        lambda task: _there_and_back(task[0], dataset, task[1]),
        [(choice.preset, waveforms), *((preset, fewer) for preset in compared)],
    )
    measured = [
        Measured(index, clips[index], _label(dataset, index), one.convergence_db)
        for index, one in zip(order, rebuilt, strict=True)
    ]
    shown = choose_examples(measured, max(1, min(EXAMPLES, EXAMPLE_SAMPLES // clip.n_samples)))
    return Ceiling(
        preset=choice.preset,
        representation=road.representation,
        inversion=road.inversion,
        image=road.image,
        sample_rate=clip.sample_rate,
        spread=spread_of(rebuilt[: len(drawn)]),
        worst_class=find_worst_class(measured),
        others=tuple(
            PresetCeiling(other.preset, other.image, spread_of(back)) for other, back in others
        ),
        clips=tuple(sorted(measured, key=lambda one: one.index)),
        examples=tuple(Example(measured[k], waveforms[k], rebuilt[k]) for k in shown),
    )


def draw_clips(clips: Sequence[ClipEntry], count: int) -> tuple[list[int], list[int]]:
    """Positions of ``count`` clips of all, and of some more for the sake of their classes.

    Both are drawn by the hash of their content: names and order make no difference, and classes
    come in their own proportions.
    """

    def rank(index: int) -> bytes:
        clip = clips[index]
        return hashlib.sha256(f"example/{clip.decoded_sha256}/{clip.start}".encode()).digest()

    order = sorted(range(len(clips)), key=rank)
    drawn = order[:count]
    members: dict[int, list[int]] = defaultdict(list)
    for index in order:
        members[clips[index].label].append(index)
    members.pop(-1, None)
    if len(members) > MOST_CLASSES:
        return drawn, []
    wanted = {index for positions in members.values() for index in positions[:CLASS_CLIPS]}
    return drawn, sorted(wanted - set(drawn))


def find_worst_class(measured: Sequence[Measured]) -> tuple[str, float, int] | None:
    """The class with the furthest median: name, dB, clips measured; ``None`` where none tells."""
    classes: dict[str, list[float]] = defaultdict(list)
    for one in measured:
        if one.label is not None:
            classes[one.label].append(one.convergence_db)
    medians = [
        (round(float(np.median(values)), 2), name, len(values))
        for name, values in sorted(classes.items())
        if len(values) >= CLASS_LEAST
    ]
    if len(classes) < 2 or not medians:
        return None
    median, name, count = max(medians)
    others = [one.convergence_db for one in measured if one.label not in (None, name)]
    return (name, median, count) if median >= np.median(others) + WORSE_DB else None


def choose_examples(measured: Sequence[Measured], count: int) -> list[int]:
    """``count`` positions in ``measured``, in turn from each class, the closest first."""
    classes: dict[str | None, list[int]] = defaultdict(list)
    for position, one in enumerate(measured):
        classes[one.label].append(position)
    turns = chain.from_iterable(zip_longest(*classes.values()))
    chosen = [position for position in turns if position is not None][:count]
    return sorted(chosen, key=lambda position: measured[position].convergence_db)


def _there_and_back(
    preset: str, dataset: PreparedDataset, waveforms: NDArray[np.float32]
) -> tuple[Road, list[Rebuilt]]:
    """A preset's road, and every one of the clips after it."""
    with one_thread():
        road = Road(preset, dataset.clip, _to_fit(dataset, waveforms))
        return road, list(road.there_and_back(waveforms))


def _to_fit(
    dataset: PreparedDataset, waveforms: NDArray[np.float32]
) -> Iterator[NDArray[np.float32]]:
    """Batches of what is measured, and of clips taken evenly from the whole dataset."""
    n_samples = dataset.clip.n_samples
    count = min(FIT_CLIPS, len(dataset), max(8, FIT_SAMPLES // n_samples))
    positions = np.linspace(0, len(dataset) - 1, count).round().astype(np.int64)
    batch = max(1, min(64, BATCH_SAMPLES // n_samples))
    for start in range(0, len(waveforms), batch):
        yield waveforms[start : start + batch]
    for start in range(0, count, batch):
        yield dataset.for_models.waveforms(positions[start : start + batch])


def _label(dataset: PreparedDataset, index: int) -> str | None:
    number = int(dataset.label_ids[index])
    return dataset.labels[number] if number >= 0 else None
