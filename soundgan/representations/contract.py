"""What every representation looks like from outside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from soundgan.audio.mel import Bands
from soundgan.audio.stft import STFTSettings
from soundgan.config.settings import Settings
from soundgan.shapes import ClipSpec, ImageSpec


@dataclass(frozen=True)
class Decoded:
    """What images tell of the STFT.

    Attributes:
        magnitude: [B, n_bins, n_frames], non-negative.
        bands: What the images show, where the bins had to be guessed from it.
    """

    magnitude: Tensor
    bands: Bands | None = None


class Representation(ABC):
    """Waveforms [B, N] to images [B, C, F, T] in [-1, 1], and images back to magnitudes.

    Constructed as ``(options, clip, image)``. All tensors are CPU float32.

    Attributes:
        options: The options with everything automatic decided.
        clip: Sample rate and length of the clips.
        image: Size of the images.
        stft: The hidden analysis; its magnitude is what :meth:`decode` returns.
    """

    Options: ClassVar[type[Settings]]
    options: Settings
    clip: ClipSpec
    image: ImageSpec
    stft: STFTSettings

    @abstractmethod
    def fit(self, batches: Iterable[Tensor]) -> None:
        """Measure what has to be learned from the data (waveforms [B, N] per batch)."""

    @abstractmethod
    def fit_and_encode(self, batches: Iterable[Tensor], count: int) -> Tensor:
        """:meth:`fit`, and the images of all ``count`` clips of the batches."""

    @abstractmethod
    def statistics(self) -> dict[str, Tensor]:
        """What :meth:`fit` measured, to be stored with a model."""

    @abstractmethod
    def load_statistics(self, statistics: dict[str, Tensor]) -> None:
        """Take measured statistics instead of fitting.

        Raises:
            ArtefactError: A tensor is missing, not expected, or of the wrong shape.
        """

    @abstractmethod
    def encode(self, waveform: Tensor) -> Tensor:
        """Images [B, C, F, T] of waveforms [B, N]."""

    @abstractmethod
    def decode(self, image: Tensor) -> Decoded:
        """Linear STFT magnitudes for images [B, C, F, T]; values clip to [-1, 1]."""
