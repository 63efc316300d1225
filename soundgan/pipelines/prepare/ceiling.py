"""The audible ceiling: what the road from waveform to image and back costs, before any training."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

import numpy as np
import torch
from numpy.typing import NDArray

from soundgan.audio.metrics import compare_waveforms
from soundgan.config.load import load_config
from soundgan.data.dataset import PreparedDataset
from soundgan.data.manifest import ClipEntry
from soundgan.inference.parts import build_inversion, build_representation, resolve

PRESET = "base"
EXAMPLES = 8
EXAMPLE_SAMPLES = 2_000_000
"""All examples together hold no more, which keeps the page small and the wait short."""

FIT_CLIPS = 512
FIT_SAMPLES = 3_000_000
"""How loud the loudest spot is settles long before this; the examples are always among them."""


@dataclass(frozen=True, eq=False)
class Example:
    """One clip before and after.

    Attributes:
        index: Its position in the dataset.
        clip: Where it came from.
        label: Its class, or ``None``.
        original: Waveform [N].
        rebuilt: The same after waveform, image, waveform, [N].
        image: What a network would see, [F, T] in [-1, 1].
        convergence_db: Spectral convergence between the two; lower is closer.
    """

    index: int
    clip: ClipEntry
    label: str | None
    original: NDArray[np.float32]
    rebuilt: NDArray[np.float32]
    image: NDArray[np.float32]
    convergence_db: float


@dataclass(frozen=True)
class Ceiling:
    """The examples and the road they took.

    Attributes:
        representation: Name of the representation.
        inversion: Name of the inversion.
        image: (F, T) of the images.
        sample_rate: Of the waveforms, Hz.
        examples: Clips, spread over the classes.
    """

    representation: str
    inversion: str
    image: tuple[int, int]
    sample_rate: int
    examples: tuple[Example, ...]

    @property
    def median_db(self) -> float:
        """Median spectral convergence, dB."""
        return float(np.median([example.convergence_db for example in self.examples]))


def measure_ceiling(dataset: PreparedDataset) -> Ceiling:
    """Send a few clips through the image and back, with the parts of the default preset."""
    config = resolve(load_config(PRESET).config, dataset.clip, PRESET, conditional=False)
    n_samples = dataset.clip.n_samples
    count = max(1, min(EXAMPLES, EXAMPLE_SAMPLES // n_samples))
    chosen = choose_examples(dataset.manifest.clips, count)
    threads = torch.get_num_threads()
    # The bytes of the report must not depend on how many cores there are.
    torch.set_num_threads(1)
    try:
        with torch.inference_mode():
            representation = build_representation(config, dataset.clip, PRESET)
            original = torch.from_numpy(dataset.waveforms(np.array(chosen)))
            representation.fit(chain([original], _spread(dataset)))
            images = representation.encode(original)
            rebuilt = build_inversion(config, PRESET)(
                representation.decode(images),
                representation.stft,
                n_samples=n_samples,
                seeds=list(range(len(chosen))),
                bands=representation.bands(images),
            )
            convergence = compare_waveforms(original, rebuilt).convergence_db
    finally:
        torch.set_num_threads(threads)
    return Ceiling(
        representation=config.representation.name,
        inversion=config.inversion.name,
        image=(config.representation.height, config.representation.width),
        sample_rate=dataset.clip.sample_rate,
        examples=tuple(
            Example(
                index=index,
                clip=dataset.manifest.clips[index],
                label=_label(dataset, index),
                original=original[row].numpy(),
                rebuilt=rebuilt[row].numpy(),
                image=images[row, 0].numpy(),
                convergence_db=round(float(convergence[row]), 2),
            )
            for row, index in enumerate(chosen)
        ),
    )


def choose_examples(clips: Sequence[ClipEntry], count: int) -> list[int]:
    """``count`` positions in ``clips``, in turn from each class, drawn by their content's hash."""
    classes: dict[int, list[int]] = defaultdict(list)

    def rank(index: int) -> bytes:
        clip = clips[index]
        return hashlib.sha256(f"example/{clip.decoded_sha256}/{clip.start}".encode()).digest()

    for index in sorted(range(len(clips)), key=rank):
        classes[clips[index].label].append(index)
    turns = zip_longest(*(classes[label] for label in sorted(classes)))
    order = [index for turn in turns for index in turn if index is not None]
    return sorted(order[:count])


def _spread(dataset: PreparedDataset) -> Iterator[torch.Tensor]:
    """Batches of clips taken evenly from the whole dataset."""
    n_samples = dataset.clip.n_samples
    count = min(FIT_CLIPS, len(dataset), max(8, FIT_SAMPLES // n_samples))
    positions = np.linspace(0, len(dataset) - 1, count).round().astype(np.int64)
    batch = max(1, min(64, EXAMPLE_SAMPLES // n_samples))
    for start in range(0, count, batch):
        yield torch.from_numpy(dataset.waveforms(positions[start : start + batch]))


def _label(dataset: PreparedDataset, index: int) -> str | None:
    number = int(dataset.label_ids[index])
    return dataset.labels[number] if number >= 0 else None
