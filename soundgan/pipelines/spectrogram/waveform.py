"""A whole sound in memory, as one channel."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.constant import rests_at
from soundgan.audio.decode import AudioFile
from soundgan.audio.resample import resample
from soundgan.errors import AudioError

MOST_SAMPLES = 1 << 26
"""Longer sounds are refused: 25 minutes at 44.1 kHz."""


@dataclass(frozen=True, eq=False)
class Waveform:
    """One sound.

    Attributes:
        samples: float32 [N], at least one.
        sample_rate: Hz.
        channels: How many were averaged.
        notes: What is odd about the file and was put up with.
    """

    samples: NDArray[np.float32]
    sample_rate: int
    channels: int
    notes: tuple[str, ...] = ()


def read_waveform(path: Path, *, sample_rate: int | None = None) -> Waveform:
    """The average of a file's channels, at its own rate or another.

    Raises:
        AudioError: It cannot be read, holds no samples, too many, or some that are not finite.
    """
    try:
        with AudioFile(os.fspath(path)) as file:
            stream = file.decode()
            rate = stream.header.sample_rate
            blocks: Iterator[NDArray[np.float32]]
            blocks = (block.mean(axis=1, dtype=np.float32) for block in stream.blocks)
            if sample_rate not in (None, rate):
                rest, blocks = rests_at(blocks, rate)
                blocks = resample(blocks, rate, sample_rate or rate, rest=rest)
            samples = np.concatenate([np.zeros(0, np.float32), *_at_most(blocks)])
    except AudioError as error:
        raise AudioError(f"{path}: {error}") from error
    if not len(samples):
        raise AudioError(f"{path}: holds no samples")
    if not np.isfinite(samples).all():
        raise AudioError(f"{path}: holds samples that are not finite")
    return Waveform(samples, sample_rate or rate, stream.header.channels, tuple(stream.notes))


def is_audio(path: Path) -> bool:
    """Whether the content of a file looks like audio."""
    try:
        with AudioFile(os.fspath(path)) as file:
            return file.is_audio()
    except AudioError:
        return False


def _at_most(blocks: Iterable[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    n_samples = 0
    for block in blocks:
        n_samples += len(block)
        if n_samples > MOST_SAMPLES:
            raise AudioError(f"longer than {MOST_SAMPLES} samples; cut it into pieces")
        yield block
