"""What a training costs on a device: its steps timed on noise, at the preset's own batch size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from soundgan.codec.build import build_codec
from soundgan.models.precision import precision_on
from soundgan.pipelines.bench.effort import Effort
from soundgan.pipelines.bench.untrained import CLIP, SEED, noise, untrained
from soundgan.runtime import memory
from soundgan.runtime.timing import Timing, measure
from soundgan.training.batches import Batches
from soundgan.training.encoded import EncodedClips
from soundgan.training.estimate import expected_seconds_per_step, step_flops
from soundgan.training.loop import train_step
from soundgan.training.state import TrainState, new_state

WARM_UP = 2
"""Steps that claim memory and choose kernels."""

BATCHES_OF_NOISE = 4


@dataclass(frozen=True)
class Training:
    """Training a preset.

    Attributes:
        preset: Its name.
        steps: Of the whole run.
        batch_size: Images per step.
        flops_per_step: Counted, two per multiply-add.
        step: One step, or ``None`` where a single one would outlast the measurement.
        seconds_per_step: Its median; without one, what the operations are expected to take.
    """

    preset: str
    steps: int
    batch_size: int
    flops_per_step: int
    step: Timing | None
    seconds_per_step: float


def precision_of_training(preset: Path, device: torch.device) -> torch.dtype:
    """What training ``preset`` computes in on a device."""
    return precision_on(untrained(preset).config.training.precision, device)


def measure_training(
    preset: Path, device: torch.device, precision: torch.dtype, effort: Effort
) -> Training:
    """Time steps of a fresh run of ``preset``, which is a shipped config, in a precision.

    Raises:
        ConfigError: The preset cannot be built.
    """
    assembly = untrained(preset)
    config = assembly.config
    state = replace(new_state(assembly, device=device), precision=precision)
    flops = step_flops(state)
    expected = expected_seconds_per_step(flops, device)
    fits = WARM_UP * expected <= effort.training_s
    step = _timed(state, effort) if fits else None
    return Training(
        preset=preset.stem,
        steps=config.training.steps,
        batch_size=config.training.batch_size,
        flops_per_step=flops,
        step=step,
        seconds_per_step=step.median_s if step else expected,
    )


def _timed(state: TrainState, effort: Effort) -> Timing:
    memory.keep_freed_memory()  # as training does
    batches = _batches(state)
    return measure(
        lambda: train_step(state, batches),
        device=state.device,
        warm_up=WARM_UP,
        repeats=effort.training_steps,
        at_most_s=effort.training_s,
    )


class _Noise:
    """Clips of noise."""

    def __init__(self, n: int) -> None:
        self._waveforms = noise(n, CLIP).numpy()

    def waveforms(self, indices: NDArray[np.int64]) -> NDArray[np.float32]:
        return self._waveforms[indices]


def _batches(state: TrainState) -> Batches:
    config = state.config
    n = config.training.batch_size * BATCHES_OF_NOISE
    clips = _Noise(n)
    codec = build_codec(config, CLIP, "noise")
    codec.fit([noise(4, CLIP)])
    encoded = EncodedClips(clips, np.arange(n), codec, device=state.device)
    return Batches(encoded, None, batch_size=config.training.batch_size, seed=SEED)
