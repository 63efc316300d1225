"""The road from waveform to image and back, through the parts of a preset, without training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.audio.metrics import waveform_convergence_db
from soundgan.codec.build import preset_codec
from soundgan.evaluation.envelope import envelope_of
from soundgan.evaluation.quantities import attack_ms
from soundgan.pipelines.prepare.spread import Spread
from soundgan.shapes import ClipSpec

BATCH_SAMPLES = 2_000_000
"""So much is rebuilt at a time, which bounds the memory."""

Waveforms = NDArray[np.float32]


class Road:
    """One preset's codec for clips of one shape.

    Attributes:
        preset: Its name.
        representation: Name of the representation.
        inversion: Name of the inversion.
        image: (F, T) of the images.
    """

    def __init__(self, preset: str, clip: ClipSpec, fit: Iterable[Waveforms]) -> None:
        """Build the codec and fit it.

        Args:
            preset: Name of a preset.
            clip: Rate and length of the clips.
            fit: Batches of clips [B, N], or [B, 2, N] of stereo, that tell how loud the loudest
                spot is, and how sounds begin and end.

        Raises:
            ConfigError: Such clips do not fit the preset's images.
        """
        config, self._codec = preset_codec(preset, clip)
        self.preset = preset
        self.representation = config.representation.name
        self.inversion = config.inversion.name
        self.image = (config.representation.height, config.representation.width)
        with torch.inference_mode():
            self._codec.fit(map(torch.from_numpy, fit))

    def there_and_back(self, waveforms: Waveforms) -> Iterator[Rebuilt]:
        """Every clip of ``waveforms`` [B, N], or [B, 2, N] of stereo, in order."""
        size = max(1, BATCH_SAMPLES // self._codec.clip.n_samples)
        for first in range(0, len(waveforms), size):
            batch = torch.from_numpy(waveforms[first : first + size])
            with torch.inference_mode():
                images = self._codec.encode(batch)
                rebuilt = self._codec.waveforms(images, range(first, first + len(batch)))
                # Of stereo one channel after the other: what is far off in either counts.
                convergence = waveform_convergence_db(batch.flatten(1), rebuilt.flatten(1))
                pictures = self._codec.pictures(images)
                later = self._attacks_ms(rebuilt) - self._attacks_ms(batch)
            for row in range(len(batch)):
                yield Rebuilt(
                    waveform=rebuilt[row].numpy(),
                    image=pictures[row].numpy(),
                    convergence_db=round(float(convergence[row]), 2),
                    attack_error_ms=round(float(later[row]), 2),
                )

    def _attacks_ms(self, waveforms: Tensor) -> Tensor:
        """How long waveforms take to begin, ms [B], as ``soundgan evaluate`` measures it."""
        rate, n_samples = self._codec.clip.sample_rate, self._codec.clip.n_samples
        return attack_ms(envelope_of(waveforms.view(len(waveforms), -1, n_samples), rate), rate)


@dataclass(frozen=True, eq=False)
class Rebuilt:
    """A clip after the road.

    Attributes:
        waveform: Waveform [N], or [2, N] of stereo.
        image: What a network would see, as a picture [F, T] in [-1, 1].
        convergence_db: Spectral convergence to the clip; lower is closer, 0 as wrong as silence.
        attack_error_ms: By how much its attack takes longer than that of the clip.
    """

    waveform: Waveforms
    image: NDArray[np.float32]
    convergence_db: float
    attack_error_ms: float


def spread_of(rebuilt: Sequence[Rebuilt]) -> Spread:
    """How close at least one of them is."""
    return Spread.of(
        [one.convergence_db for one in rebuilt], [one.attack_error_ms for one in rebuilt]
    )
