"""What a run will cost, before it starts."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch

from soundgan.config.schema import TrainingConfig
from soundgan.losses.contract import AdversarialLoss
from soundgan.models.contract import Discriminator, Generator
from soundgan.models.cost import (
    count_parameters,
    image_bytes,
    networks_bytes,
    training_step_flops,
)
from soundgan.runtime.seeding import torch_stream
from soundgan.training.batches import Batch
from soundgan.training.state import TrainState
from soundgan.training.step import discriminator_update, generator_update

AFFORDABLE_FLOPS = 4e11
"""A step up to this size is timed as it is; a larger one is scaled from a smaller batch."""

SHARE_OF_PEAK = 0.7
"""Of the rate of a matrix product that a step is expected to reach, until steps are timed. The
presets reach from half of it to all of it on two CPU cores."""


@dataclass(frozen=True)
class Estimate:
    """Size and cost of a run.

    Attributes:
        generator_parameters: Count.
        discriminator_parameters: Count.
        flops_per_step: Floating-point operations of one step, two per multiply-add.
        seconds_per_step: Timed on this machine, on noise.
        memory_bytes: Networks, optimizers and the activations of a step; the program itself and
            the cached clips come on top.
    """

    generator_parameters: int
    discriminator_parameters: int
    flops_per_step: int
    seconds_per_step: float
    memory_bytes: int


def estimate(state: TrainState) -> Estimate:
    """Count and time a step of a fresh state; the state is used up by it."""
    training = state.config.training
    counts = count_parameters(state.generator), count_parameters(state.discriminator)
    flops = step_flops(state)
    networks = state.generator, state.discriminator
    memory = networks_bytes(*networks) + training.batch_size * image_bytes(*networks)
    return Estimate(*counts, flops, timed_step(state), memory)


def step_flops(state: TrainState) -> int:
    """Floating-point operations of one step, two per multiply-add."""
    return flops_of(state.config.training, state.generator, state.discriminator, state.loss)


def flops_of(
    training: TrainingConfig,
    generator: Generator,
    discriminator: Discriminator,
    loss: AdversarialLoss,
) -> int:
    """Floating-point operations of one step of these networks, which may be shapes alone."""
    return training_step_flops(
        generator,
        discriminator,
        batch_size=training.batch_size,
        discriminator_steps=training.discriminator_steps,
        penalised_share=loss.penalty_share * loss.penalty_passes if loss.penalises else 0.0,
        compares=loss.generator_needs_real,
    )


def expected_seconds_per_step(flops: int, device: torch.device) -> float:
    """A guess from the device's matrix-product rate, in the blink before a first step is timed."""
    n = 1024 if device.type == "cpu" else 4096
    matrix = torch.ones(n, n, device=device)
    times = []
    for _ in range(4):
        began = time.perf_counter()
        float((matrix @ matrix)[0, 0])  # waits for the device
        times.append(time.perf_counter() - began)
    return flops * min(times) / (2 * n**3) / SHARE_OF_PEAK


def timed_step(state: TrainState) -> float:
    """Seconds of a step on noise; a large one is extrapolated from two small batches.

    The state is used up by it.
    """
    batch_size = state.config.training.batch_size
    n = max(2, round(batch_size * AFFORDABLE_FLOPS / step_flops(state)))
    if n >= batch_size:
        return timed_batch(state, batch_size)
    once, twice = timed_batch(state, n), timed_batch(state, 2 * n)
    # What the optimizers do costs the same for every batch.
    return once + max(0.0, twice - once) * (batch_size - n) / n


def timed_batch(state: TrainState, n: int) -> float:
    """Seconds of a step with ``n`` clips, the best of a few after a first that warms up."""
    noise = torch.randn(n, *state.generator.shape, generator=torch_stream(0, "estimate"))
    x = noise.clamp(-1, 1)
    labels = torch.zeros(n, dtype=torch.int64) if state.generator.n_classes else None
    batch = Batch(x, labels)
    times = []
    for _ in range(4):
        began = time.perf_counter()
        for turn in range(state.config.training.discriminator_steps):
            discriminator_update(state, batch, turn)
        float(generator_update(state, batch)["generator/loss"])  # waits for the device
        times.append(time.perf_counter() - began)
        if sum(times) > 8:
            break
    return min(times[1:] or times)
