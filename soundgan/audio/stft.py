"""The short-time Fourier transform: settings, forward, inverse, and frame arithmetic."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class STFTSettings:
    """One analysis. Frames are centred: frame t looks at sample ``t * hop_length``.

    Attributes:
        n_fft: Transform size, samples.
        hop_length: Distance between frames, samples.
        win_length: Window length, samples, at most ``n_fft``.
        window: ``hann`` or ``gauss`` (truncated Gaussian).
    """

    n_fft: int
    hop_length: int
    win_length: int
    window: str = "hann"

    @property
    def n_bins(self) -> int:
        """Frequency bins of one frame: ``n_fft // 2 + 1``."""
        return self.n_fft // 2 + 1
