"""What is counted about a file while its samples pass by."""

from __future__ import annotations

import hashlib
import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.level import decibels
from soundgan.audio.stereo import Width, two_channels

Channel = Literal["mix", "left", "right"]
"""The one channel that several become: their mean, the first, or the second."""

RAIL_RUN = 3
"""So many equal samples in a row at the extreme of a file are a flattened peak."""

HOT = 0.985
"""Only a file that comes this close to full scale can have been clipped by a converter; 8-bit
files stop at 127/128."""


class Tally:
    """Length, peak, hash, samples that are no numbers, and flattened peaks of a decoded file.

    Attributes:
        frames: Samples per channel.
        peak: Largest magnitude in any channel.
        nonfinite: Samples that are NaN or infinite.
        clipped: Samples that lie on the file's highest or lowest value, near full scale, in runs
            of :data:`RAIL_RUN` or more.
    """

    def __init__(self, sample_rate: int, channel: Channel = "mix", *, channels: int = 1) -> None:
        """Start at nothing.

        Args:
            sample_rate: Hz.
            channel: What to make of several channels.
            channels: 1, or 2 to keep left and right.
        """
        self.frames = 0
        self.peak = 0.0
        self.nonfinite = 0
        self._channel = channel
        self._width = Width() if channels == 2 else None
        self._mixed = 0.0
        self._unmixed = np.zeros(1)
        self._digest = hashlib.sha256(f"{sample_rate} Hz".encode())
        self._rails = [_Rail(), _Rail()]

    @property
    def clipped(self) -> int:
        """See the class."""
        return sum(rail.samples for rail in self._rails)

    @property
    def mix_db(self) -> float | None:
        """Level of the channels' mean against the loudest of them, dB.

        0 where all are equal, -3 for two unrelated ones, -6 where one of two is silent, less where
        they cancel. ``None`` where nothing was mixed, or all is silence. Constant parts do not
        count.
        """
        loudest = float(self._unmixed.max())
        return decibels((self._mixed / loudest) ** 0.5) if loudest else None

    @property
    def side_db(self) -> float | None:
        """Level of the side against the mid where left and right are kept, dB."""
        return None if self._width is None else self._width.side_db

    @property
    def decoded_sha256(self) -> str:
        """Hash of the samples kept and their rate: equal for equal sound in any container."""
        return self._digest.hexdigest()

    def mix(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Count a block [n, channels] and return what it becomes, [n, 1], or left and right [n, 2].

        Nothing, from the first sample that is no number on.
        """
        self.frames += len(block)
        lowest, highest = float(block.min()), float(block.max())
        if not (math.isfinite(lowest) and math.isfinite(highest)):
            self.nonfinite += int(block.size - np.isfinite(block).sum())
            return np.zeros((0, 1 if self._width is None else 2), np.float32)
        self.peak = max(self.peak, highest, -lowest)
        for rail, sign, extreme in zip(self._rails, (1.0, -1.0), (highest, -lowest), strict=True):
            if extreme >= HOT:
                rail.add(block, sign * extreme)
        if self._width is not None:
            pair = two_channels(block)
            self._width.add(pair)
            self._digest.update(pair.astype("<f4", copy=False).tobytes())
            return pair
        mono = one_channel(block, self._channel)
        if block.shape[1] > 1 and self._channel == "mix":
            self._mixed += float(_energy(mono[:, None])[0])
            self._unmixed = self._unmixed + _energy(block)
        self._digest.update(mono.astype("<f4", copy=False).tobytes())
        return mono[:, None]


def one_channel(block: NDArray[np.float32], channel: Channel) -> NDArray[np.float32]:
    """What a block [n, channels] becomes, [n]; a single channel stays as it is."""
    if block.shape[1] == 1 or channel == "left":
        return block[:, 0]
    return block.mean(axis=1) if channel == "mix" else block[:, 1]


def _energy(block: NDArray[np.float32]) -> NDArray[np.float64]:
    """Energy [channels] of a block [n, channels], without its constant part."""
    moving = block - block.mean(axis=0)
    energy: NDArray[np.float64] = np.einsum("nc,nc->c", moving, moving, dtype=np.float64)
    return energy


class _Rail:
    """Samples found at the most extreme value seen so far."""

    def __init__(self) -> None:
        self.samples = 0
        self._value = 0.0

    def add(self, block: NDArray[np.float32], value: float) -> None:
        if abs(value) > abs(self._value):
            self.samples, self._value = 0, value
        if value == self._value:
            self.samples += sum(_in_runs(channel == value) for channel in block.T)


def _in_runs(marked: NDArray[np.bool_]) -> int:
    """Marked samples that stand in runs of :data:`RAIL_RUN` or more."""
    edges = np.flatnonzero(np.diff(marked, prepend=False, append=False))
    runs = edges[1::2] - edges[::2]
    return int(runs[runs >= RAIL_RUN].sum())
