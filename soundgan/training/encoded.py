"""The clips of a dataset as the networks see them, each encoded once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Protocol, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.codec.contract import Codec
from soundgan.runtime.memory import free_bytes

MAX_CACHED_BYTES = 4 * 1024**3
"""Clips of which more is seen are encoded again for every use instead of being kept."""

RESIDENT_SHARE = 0.25
"""Share of a device's free memory that they may take; else they come over for every batch."""

CPU = torch.device("cpu")

_AT_A_TIME = 256


class Clips(Protocol):
    """Where waveforms come from."""

    def waveforms(self, indices: NDArray[np.int64]) -> NDArray[np.float32]:
        """Waveforms [B, N] of clips."""


class EncodedClips:
    """What the networks see of some clips, x [n, *shape]; kept where memory allows.

    Args:
        clips: The dataset.
        indices: Which of its clips, [n].
        codec: Encodes them, when they are first asked for.
        device: Where they are to be, if they fit there.
    """

    def __init__(
        self,
        clips: Clips,
        indices: NDArray[np.int64],
        codec: Codec,
        *,
        device: torch.device = CPU,
    ) -> None:
        self._clips = clips
        self.indices = indices
        self._codec = codec
        self._device = device
        self._kept: Tensor | None = None

    @classmethod
    def fitting(
        cls,
        clips: Clips,
        indices: NDArray[np.int64],
        codec: Codec,
        *,
        device: torch.device = CPU,
    ) -> Self:
        """The clips that ``codec`` is fitted to: what it sees of them then is kept."""
        encoded = cls(clips, indices, codec, device=device)
        if encoded._is_kept:
            x = codec.fit_and_encode(encoded._waveforms(indices), len(indices))
            encoded._kept = encoded._placed(x)
        else:
            codec.fit(encoded._waveforms(indices))
        return encoded

    def __len__(self) -> int:
        return len(self.indices)

    def at(self, rows: NDArray[np.int64]) -> Tensor:
        """X of these rows [B, *shape], on the device if they are kept there."""
        if not self._is_kept:
            return self._encode(self.indices[rows])
        kept = self._all()
        return kept[torch.from_numpy(rows).to(kept.device)]

    def spread(self, most: int) -> Tensor:
        """X of at most so many, those of :func:`spread_out`, on the CPU; not to be written to."""
        if not self._is_kept:
            return self._encode(spread_out(self.indices, most))
        return self._all()[:: _step(len(self), most)].to(CPU)

    def _all(self) -> Tensor:
        if self._kept is None:
            self._kept = self._placed(self._encode(self.indices))
        return self._kept

    @property
    def _is_kept(self) -> bool:
        return self._n_bytes <= MAX_CACHED_BYTES

    @property
    def _n_bytes(self) -> int:
        return len(self) * math.prod(self._codec.shape) * 4

    def _placed(self, x: Tensor) -> Tensor:
        return x.to(self._device) if self._n_bytes <= _room(self._device) else x

    def _encode(self, indices: NDArray[np.int64]) -> Tensor:
        x = torch.empty(len(indices), *self._codec.shape)
        at = 0
        for waveforms in self._waveforms(indices):
            x[at : at + len(waveforms)] = self._codec.encode(waveforms)
            at += len(waveforms)
        return x

    def _waveforms(self, indices: NDArray[np.int64]) -> Iterator[Tensor]:
        for start in range(0, len(indices), _AT_A_TIME):
            part = indices[start : start + _AT_A_TIME]
            yield torch.from_numpy(self._clips.waveforms(part))


def spread_out(indices: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """At most so many of them, evenly spaced: neighbours are often of one class."""
    return indices[:: _step(len(indices), most)]


def _step(n: int, most: int) -> int:
    return max(1, math.ceil(n / most))


def _room(device: torch.device) -> float:
    """Bytes that clips may take on a device; the main memory has been seen to already."""
    if device == CPU:
        return math.inf
    return RESIDENT_SHARE * (free_bytes(device) or 0)
