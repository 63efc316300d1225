"""The sizes that every part of the program agrees on."""

from __future__ import annotations

from dataclasses import dataclass

Shape = tuple[int, ...]
"""Of one x, what the networks see of a clip: channels first, (C, F, T) for an image."""


@dataclass(frozen=True)
class ClipSpec:
    """A clip: a waveform [C, N] of the dataset's fixed length.

    Attributes:
        sample_rate: Samples per second, Hz.
        n_samples: Length N.
        channels: C, 1 for mono; 2 for stereo, left and right.
    """

    sample_rate: int
    n_samples: int
    channels: int = 1

    @property
    def waveform_shape(self) -> Shape:
        """Of one clip as models take it: (N,), or (2, N) of stereo."""
        return (self.n_samples,) if self.channels == 1 else (self.channels, self.n_samples)

    @property
    def seconds(self) -> float:
        """Duration of a clip in seconds."""
        return self.n_samples / self.sample_rate


@dataclass(frozen=True)
class ImageSpec:
    """An image [C, F, T] as the networks see it, values in [-1, 1].

    Attributes:
        channels: C, 1 or 3.
        height: F, frequency rows; row 0 is the lowest frequency.
        width: T, time columns.
    """

    channels: int
    height: int
    width: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """(C, F, T)."""
        return (self.channels, self.height, self.width)
