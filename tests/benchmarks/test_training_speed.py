"""A training step of ``base`` on the CPU against the same arithmetic in a plain loop.

Run with ``pytest -m benchmark -s tests/benchmarks/test_training_speed.py`` on a quiet machine. Each
side has a process of its own: ours is set up as the command does it, the plain one as torch is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import parametrizations, parametrize

from soundgan.assembly.assembly import assemble
from soundgan.config.load import load_config
from soundgan.models.cost import training_step_flops
from soundgan.models.dcgan import DCGANDiscriminator, DCGANGenerator
from soundgan.runtime.ceilings import matrix_rate
from soundgan.runtime.memory import keep_freed_memory
from soundgan.shapes import ClipSpec
from soundgan.training.batches import Batch
from soundgan.training.state import TrainState, new_state
from soundgan.training.step import discriminator_update, generator_update

pytestmark = pytest.mark.benchmark

PRESET = Path(__file__).parents[2] / "configs" / "base.toml"
N_CLASSES = 10
STEPS, WARM_UP = 12, 3


def best(step: Callable[[], object]) -> float:
    """Seconds of the median step."""
    times = []
    for _ in range(WARM_UP + STEPS):
        began = time.perf_counter()
        step()
        times.append(time.perf_counter() - began)
    return sorted(times[WARM_UP:])[STEPS // 2]


def fresh_state() -> TrainState:
    labels = tuple(map(str, range(N_CLASSES)))
    config = load_config(str(PRESET)).config
    assembly = assemble(config, ClipSpec(8000, 5600), labels, "base")
    return new_state(assembly, device=torch.device("cpu"))


def batch_of(state: TrainState) -> tuple[Tensor, Tensor]:
    n = state.config.training.batch_size
    stream = torch.Generator().manual_seed(0)
    images = torch.randn(n, *state.generator.shape, generator=stream).clamp(-1, 1)
    return images, torch.arange(n) % N_CLASSES


def our_step() -> dict[str, float]:
    keep_freed_memory()
    state = fresh_state()
    batch = Batch(*batch_of(state))
    training = state.config.training

    def step() -> None:
        metrics = discriminator_update(state, batch, 0) | generator_update(state, batch)
        state.step += 1
        {name: float(value) for name, value in metrics.items()}

    flops = training_step_flops(
        state.generator,
        state.discriminator,
        batch_size=training.batch_size,
        discriminator_steps=training.discriminator_steps,
        penalised_share=0.0,
        compares=False,
    )
    seconds = best(step)
    limit = matrix_rate(torch.device("cpu"), torch.float32)
    return {"seconds": seconds, "flops": flops, "limit": limit}


def plain_step() -> dict[str, float]:
    """Hinge, Adam and an average as tutorials write them: two calls of D, default layout."""
    state = fresh_state()
    networks: list[nn.Module] = [state.generator, state.discriminator]
    for network in networks:
        for parameter in network.parameters():
            parameter.data = parameter.data.clone(memory_format=torch.contiguous_format)
    generator, discriminator = state.generator, state.discriminator
    assert isinstance(generator, DCGANGenerator)
    assert isinstance(discriminator, DCGANDiscriminator)
    for module in generator.modules():
        if isinstance(module, nn.ConvTranspose2d):
            module.__class__ = nn.ConvTranspose2d
    for module in list(discriminator.modules()):
        if parametrize.is_parametrized(module, "weight"):
            parametrize.remove_parametrizations(module, "weight")
            parametrizations.spectral_norm(module)
    settings = state.config.training
    optimizers = [
        torch.optim.Adam(
            network.parameters(),
            lr=rates.learning_rate,
            betas=(rates.beta1, rates.beta2),
            foreach=False,
        )
        for network, rates in zip(
            networks, (settings.generator_optimizer, settings.discriminator_optimizer), strict=True
        )
    ]
    average = {name: value.clone() for name, value in generator.state_dict().items()}
    images, labels = batch_of(state)

    def step() -> None:
        optimizers[1].zero_grad()
        fake = generator(torch.randn(len(images), generator.latent_dim), labels).detach()
        loss = functional.relu(1 - discriminator(images, labels)).mean()
        loss = loss + functional.relu(1 + discriminator(fake, labels)).mean()
        torch.autograd.backward(loss)
        optimizers[1].step()
        loss.item()
        optimizers[0].zero_grad()
        discriminator.requires_grad_(False)  # else the plain loop would do more arithmetic
        fake = generator(torch.randn(len(images), generator.latent_dim), labels)
        loss = -discriminator(fake, labels).mean()
        torch.autograd.backward(loss)
        discriminator.requires_grad_(True)
        optimizers[0].step()
        loss.item()
        with torch.no_grad():
            for name, value in generator.state_dict().items():
                if value.is_floating_point():
                    average[name].mul_(0.999).add_(value, alpha=0.001)

    return {"seconds": best(step)}


def in_a_process(name: str, environment: dict[str, str]) -> dict[str, float]:
    program = f"import json, {__name__} as me; print(json.dumps(me.{name}()))"
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("OMP", "GOMP"))}
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=clean | environment,
        cwd=PRESET.parents[1],
    )
    numbers: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return numbers


def test_a_step_of_base_is_faster_than_plain_and_near_the_limit() -> None:
    plain = in_a_process("plain_step", {})
    ours = in_a_process("our_step", {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "3000"})
    ratio = plain["seconds"] / ours["seconds"]
    rate = ours["flops"] / ours["seconds"]
    print(
        f"\n  plain {plain['seconds']:.3f} s a step, ours {ours['seconds']:.3f} s: {ratio:.2f}x; "
        f"{rate / 1e9:.0f} GFLOP/s, {rate / ours['limit']:.0%} of a matrix product"
    )
    # Convolutions alone, at the rate of a matrix product, are three quarters of our step.
    assert ratio >= 1.25
    assert rate >= 0.6 * ours["limit"]
