"""The energy of several channels together, over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from soundgan.audio.ends import Silence
from soundgan.audio.envelope import Envelope, EnvelopeBuilder


@dataclass(frozen=True, eq=False)
class JointEnvelope(Envelope):
    """The mean of the energies of channels, which never cancel, each about its own constant part.

    Attributes:
        parts: The envelope of each channel; sums and squares are those of the first.
    """

    parts: tuple[Envelope, ...] = ()

    @classmethod
    def of(cls, parts: Sequence[Envelope]) -> JointEnvelope:
        """The envelope of channels of one length; silent at its ends where all of them are."""
        first = parts[0]
        return cls(
            hop_length=first.hop_length,
            n_samples=first.n_samples,
            sums=first.sums,
            squares=first.squares,
            head=min((part.head for part in parts), key=lambda end: end.n_samples),
            tail=min((part.tail for part in parts), key=lambda end: end.n_samples),
            parts=tuple(parts),
        )

    @property
    def mean(self) -> float:
        """The largest constant part (DC) of a channel."""
        return max((part.mean for part in self.parts), key=abs)

    @property
    def means(self) -> NDArray[np.float64]:
        """The constant part of each channel, [C]."""
        return np.array([part.mean for part in self.parts])

    @property
    def counts(self) -> NDArray[np.float64]:
        """Samples of each hop that are not digital silence in some channel, [T]."""
        counts = self.parts[0].counts
        for part in self.parts[1:]:
            counts = np.maximum(counts, part.counts)
        return counts

    @cached_property
    def power(self) -> NDArray[np.float64]:
        """Mean of squares in each hop, over samples and channels, [T]."""
        total = self.parts[0].power
        if len(self.parts) == 1:
            return total
        for part in self.parts[1:]:
            total = total + part.power
        return total / len(self.parts)


class JointEnvelopeBuilder:
    """Takes waveforms of several channels in blocks of any size."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._builders = [EnvelopeBuilder(sample_rate) for _ in range(channels)]

    def add(self, block: NDArray[np.float32]) -> None:
        """Append samples [n, C]."""
        for builder, channel in zip(self._builders, block.T, strict=True):
            builder.add(channel)

    def finish(self, ends: Sequence[tuple[Silence, Silence]]) -> JointEnvelope:
        """The envelope of everything added; ``ends``: of each channel, before resampling."""
        return JointEnvelope.of(
            [builder.finish(end) for builder, end in zip(self._builders, ends, strict=True)]
        )
