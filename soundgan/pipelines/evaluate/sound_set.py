"""Sets of clips of one length, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.level import FULL_SCALE, quantise


@dataclass(frozen=True, eq=False)
class SoundSet:
    """Some sounds, as a 16-bit file would hold them.

    Attributes:
        samples: int16 [n, N], or [n, 2, N] of stereo.
        labels: Position of each sound's class among the dataset's, or -1, int64 [n].
        names: Where each came from, in a few words.
    """

    samples: NDArray[np.int16]
    labels: NDArray[np.int64]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def labelled(self) -> bool:
        """Whether any sound has a class."""
        return bool((self.labels >= 0).any())


def waveforms_of(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Waveforms in [-1, 1] of stored samples."""
    return samples.astype(np.float32) / np.float32(FULL_SCALE)


def samples_of(waveform: NDArray[np.float32]) -> NDArray[np.int16]:
    """What a 16-bit file holds of a waveform [N] or [2, N]."""
    samples = np.empty(waveform.shape, np.int16)
    quantise(waveform, samples)
    return samples


def match_labels(names: Sequence[str | None], classes: Sequence[str]) -> NDArray[np.int64]:
    """Positions of label names among ``classes``, -1 for ``None`` and for unknown ones."""
    number = {name: position for position, name in enumerate(classes)}
    return np.array([number.get(name or "", -1) for name in names], dtype=np.int64)
