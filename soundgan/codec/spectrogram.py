"""Sounds as images of a spectrogram: a representation, and an inversion for the way back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from torch import Tensor

from soundgan.audio.outline import Outline, OutlineMeter
from soundgan.codec.contract import Codec
from soundgan.errors import UsageError
from soundgan.inversion.contract import Inversion
from soundgan.representations.contract import Representation

MOST_FOR_OUTLINE = 4096
"""Clips, evenly spaced, that an outline is measured on at most."""


class SpectrogramCodec(Codec):
    """Images [B, C, F, T] of levels in decibels, -1 the floor.

    Attributes:
        representation: Waveforms to images, and images to magnitudes.
        inversion: Magnitudes to waveforms.
    """

    def __init__(
        self,
        representation: Representation,
        inversion: Inversion,
        *,
        outline: Outline | None = None,
    ) -> None:
        self.representation = representation
        self.inversion = inversion
        self.clip = representation.clip
        self.shape = representation.image.shape
        self.silence = -1.0
        self.outline = outline

    def fit(self, batches: Iterable[Tensor]) -> None:
        """Measure the range of the levels, and the outline."""
        meter = OutlineMeter(self.clip.sample_rate)
        self.representation.fit(meter.passing(batches))
        self.outline = meter.outline(most=MOST_FOR_OUTLINE)

    def fit_and_encode(self, batches: Iterable[Tensor], count: int) -> Tensor:
        """In one pass: every clip meets the transform once."""
        meter = OutlineMeter(self.clip.sample_rate)
        x = self.representation.fit_and_encode(meter.passing(batches), count)
        self.outline = meter.outline(most=MOST_FOR_OUTLINE)
        return x

    def statistics(self) -> dict[str, Tensor]:
        """Those of the representation."""
        return self.representation.statistics()

    def load_statistics(self, statistics: dict[str, Tensor]) -> None:
        """Those of the representation."""
        self.representation.load_statistics(statistics)

    def encode(self, waveforms: Tensor) -> Tensor:
        """Images [B, C, F, T] of waveforms [B, N]."""
        return self.representation.encode(waveforms)

    def waveforms(self, x: Tensor, seeds: Sequence[int]) -> Tensor:
        """Waveforms [B, N] whose spectrograms come nearest to images [B, C, F, T]."""
        decoded = self.representation.decode(x)
        return self.inversion(
            decoded.magnitude,
            self.representation.stft,
            n_samples=self.clip.n_samples,
            seeds=seeds,
            bands=decoded.bands,
            outline=self.outline,
        )

    def pictures(self, x: Tensor) -> Tensor:
        """Images without channels, which repeat one picture, [B, F, T]."""
        return x[:, 0] if x.shape[1] == 1 else x.mean(dim=1)


def spectrograms_of(codec: Codec) -> SpectrogramCodec:
    """The codec as one of spectrograms, for what only those can do.

    Raises:
        UsageError: It is none.
    """
    if codec.clip.channels != 1:
        raise UsageError("only mono models can do this as yet, and this one is stereo")
    if not isinstance(codec, SpectrogramCodec):
        raise UsageError("this model does not see its sounds as spectrograms")
    return codec
