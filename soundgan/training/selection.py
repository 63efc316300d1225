"""Which average of a run is its product: the one nearest to the validation clips."""

from __future__ import annotations

import torch
from torch import Tensor

from soundgan.evaluation.distances import kernel_distance, kernel_distance_interval
from soundgan.models.contract import Generator
from soundgan.runtime.seeding import torch_stream
from soundgan.training.quality import FEWEST_VALIDATION, Quality, Scale
from soundgan.training.reference import Reference
from soundgan.training.state import BestAverage, TrainState

_BATCH = 64

_FOR_SCALE = 256
"""Training clips, about, that the scale of distances is measured on."""


class Selection:
    """Measures the averaged generator now and then and keeps the best one.

    Features are fitted on training clips; the distance is to those for validation, with the same
    latents every time and labels in the proportions of the validation clips.

    Args:
        reference: Training clips.
        validation: Validation clips as the networks see them, [M, *shape].
        labels: Of the validation clips, [M], or ``None`` when unconditional.
        n_sounds: Sounds generated for a distance.
        seed: Origin of the latents.
    """

    def __init__(
        self,
        reference: Reference,
        validation: Tensor,
        labels: Tensor | None,
        *,
        n_sounds: int,
        seed: int,
    ) -> None:
        self._reference = reference
        self._real = reference.features_of(validation)
        self._labels = None if labels is None else labels[torch.arange(n_sounds) % len(labels)]
        self._n_sounds = n_sounds
        self._seed = seed
        self.scale = self._scale(reference.x[:: max(1, len(reference.x) // _FOR_SCALE)])

    def quality(self, state: TrainState) -> Quality:
        """How good the run's product is; measured where it has not been yet."""
        distance = self.measure(state.ema) if state.best is None else state.best.kernel_distance
        return Quality(distance, self.scale)

    def _scale(self, train: Tensor) -> Scale:
        """What recordings have, and noise with the same levels."""
        stream = torch_stream(self._seed, "scale")
        noise = torch.randn(train.shape, generator=stream) * train.std() + train.mean()
        real, recordings, noises = (
            self._real,
            self._reference.features_of(train),
            self._reference.features_of(noise.clamp(-1, 1)),
        )
        found, noise_has = kernel_distance(real, recordings), kernel_distance(real, noises)
        reach = noise_has
        if min(len(real), len(recordings)) >= FEWEST_VALIDATION:
            reach = kernel_distance_interval(real, recordings, seed=self._seed).high - found
        return Scale(found, noise_has, reach, len(real))

    def measure(self, generator: Generator) -> float:
        """Kernel distance of the generator's sounds to the validation clips."""
        fake = generated(generator, self._n_sounds, self._labels, self._seed)
        return kernel_distance(self._real, self._reference.features_of(fake))

    def consider(self, state: TrainState) -> float:
        """Measure the average of this step and keep a copy if it is the best so far."""
        distance = self.measure(state.ema)
        if state.best is None or distance < state.best.kernel_distance:
            weights = {name: value.clone() for name, value in state.ema.state_dict().items()}
            state.best = BestAverage(state.step, distance, weights)
        return distance


@torch.no_grad()
def generated(generator: Generator, n: int, labels: Tensor | None, seed: int) -> Tensor:
    """X of ``n`` sounds [n, *shape] in [-1, 1] on the CPU, from latents that follow from seed."""
    stream = torch_stream(seed, "evaluation")
    z = torch.randn(n, generator.latent_dim, generator=stream)
    device = next(generator.parameters()).device
    parts = []
    for start in range(0, n, _BATCH):
        rows = slice(start, start + _BATCH)
        some = None if labels is None else labels[rows].to(device)
        parts.append(generator(z[rows].to(device), some).clamp(-1, 1).cpu())
    return torch.cat(parts)
