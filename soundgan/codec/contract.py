"""What every codec looks like from outside."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Self

import torch
from torch import Tensor

from soundgan.audio.outline import Outline, at_peak
from soundgan.codec.level_curve import LevelCurve
from soundgan.shapes import ClipSpec


class Codec(ABC):
    """Waveforms [B, N] to x, what the networks see, [B, *shape] in [-1, 1], and back.

    Where clips have two channels waveforms are [B, 2, N], left and right. All tensors are CPU
    float32, and no item's result depends on its batch.

    Attributes:
        clip: Rate, length N and channels of the waveforms.
        shape: Of one x, channels first; (C, F, T) where x is an image.
        silence: The value of x where nothing is to be heard.
        outline: How the waveforms begin and end, and their peak, where that is known.
        levels: Correction of the images that a generator draws, if there is one.
    """

    clip: ClipSpec
    shape: tuple[int, ...]
    silence: float
    outline: Outline | None = None
    levels: LevelCurve | None = None

    def with_levels(self, levels: LevelCurve | None) -> Self:
        """The same, with this correction."""
        other = copy.copy(self)
        other.levels = levels
        return other

    @abstractmethod
    def fit(self, batches: Iterable[Tensor]) -> None:
        """Measure what has to be learned from the data, the outline too.

        Args:
            batches: Waveforms [B, N] each; gone through once.

        Raises:
            NothingUsableError: There are no clips.
        """

    def fit_and_encode(self, batches: Iterable[Tensor], count: int) -> Tensor:
        """:meth:`fit`, and x [count, *shape] of the clips that it was fitted to.

        Args:
            batches: As of :meth:`fit`.
            count: Clips in all batches together.
        """
        kept = list(batches)
        self.fit(kept)
        x = torch.empty(count, *self.shape)
        at = 0
        for waveforms in kept:
            x[at : at + len(waveforms)] = self.encode(waveforms)
            at += len(waveforms)
        return x

    @abstractmethod
    def statistics(self) -> dict[str, Tensor]:
        """What :meth:`fit` measured beside the outline, to be stored with a model."""

    @abstractmethod
    def load_statistics(self, statistics: dict[str, Tensor]) -> None:
        """Take measured statistics instead of fitting.

        Raises:
            ArtefactError: A tensor is missing, not expected, or of the wrong shape.
        """

    @abstractmethod
    def encode(self, waveforms: Tensor) -> Tensor:
        """What the networks see of waveforms [B, N].

        Raises:
            AudioError: The waveforms do not have the length of the clips.
        """

    @abstractmethod
    def waveforms(self, x: Tensor, seeds: Sequence[int]) -> Tensor:
        """Waveforms [B, N] that x shows, as loud as it shows them.

        Args:
            x: [B, *shape]; values clip to [-1, 1].
            seeds: One per item; what is random about item i follows from ``seeds[i]`` alone.

        Raises:
            AudioError: x does not have the declared shape, or is not finite.
        """

    @abstractmethod
    def pictures(self, x: Tensor) -> Tensor:
        """Levels [B, F, T] to look at and to measure by; -1 is silence, 1 about 80 dB above it."""

    def corrected(self, x: Tensor) -> Tensor:
        """What a generator has drawn, [B, *shape], with its known errors taken out."""
        return x if self.levels is None else self.levels(x)

    def decode(self, x: Tensor, seeds: Sequence[int]) -> Tensor:
        """Sounds [B, N] of x, at the peak of the recordings and never beyond full scale.

        See :meth:`waveforms`.
        """
        return at_peak(self.waveforms(x, seeds), self.outline)
