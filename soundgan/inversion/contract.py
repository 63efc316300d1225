"""What every inversion looks like from outside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from torch import Tensor

from soundgan.audio.mel import Bands
from soundgan.audio.outline import Outline
from soundgan.audio.stft import STFTSettings
from soundgan.config.settings import Settings


class Inversion(ABC):
    """STFT magnitudes to waveforms. Constructed as ``(options)``; CPU float32."""

    Options: ClassVar[type[Settings]]
    options: Settings

    def __init__(self, options: Settings) -> None:
        self.options = options

    @abstractmethod
    def __call__(
        self,
        magnitude: Tensor,
        stft: STFTSettings,
        *,
        n_samples: int,
        seeds: Sequence[int],
        bands: Bands | None = None,
        outline: Outline | None = None,
    ) -> Tensor:
        """Waveforms [B, n_samples] whose STFT magnitude is near ``magnitude``.

        Args:
            magnitude: Non-negative, finite, [B, n_bins, n_frames].
            stft: The analysis that the magnitude belongs to.
            n_samples: Exact length of the result.
            seeds: One per item; what is random about item i follows from ``seeds[i]`` alone.
            bands: The bands that ``magnitude`` was guessed from, where an image holds no more;
                an inversion may keep to them rather than to the guess.
            outline: How loud the waveforms may start and end, if that is known. Its peak is left
                to whoever asked.

        Raises:
            AudioError: The magnitude has a wrong shape, or is negative or not finite; or
                the bands are.
        """
