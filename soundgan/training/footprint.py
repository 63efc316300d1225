"""The memory of a step: whether it is there, and which batch it is there for."""

from __future__ import annotations

import gc

import torch

from soundgan.assembly.assembly import Assembly
from soundgan.errors import ConfigError
from soundgan.models.cost import count_parameters, image_bytes, networks_bytes
from soundgan.models.skeleton import shapes_only
from soundgan.runtime.memory import (
    NETWORKS_BYTES,
    demand_address_space,
    free_bytes,
    is_out_of_memory,
)
from soundgan.training.estimate import timed_batch
from soundgan.training.state import TrainState


def refuse_too_large(assembly: Assembly, device: torch.device) -> None:
    """Refuse a training that cannot fit into the device's free memory, before any is taken.

    Raises:
        ConfigError: It needs more; the message says how much, and which batch would fit.
        MemoryShortageError: It needs more address space than ``ulimit -v`` allows.
    """
    with shapes_only():
        networks = assembly.generator(), assembly.discriminator()
    config, place = assembly.config, assembly.place
    fixed, each = networks_bytes(*networks), image_bytes(*networks)
    on_cpu = fixed + config.training.batch_size * each if device.type == "cpu" else 0
    demand_address_space(NETWORKS_BYTES + on_cpu, "this training")
    free = free_bytes(device)
    if free is None:
        return
    batch_size = config.training.batch_size
    if fixed + batch_size * each <= free:
        return
    here = f"and {_gigabytes(free)} are free on {device}"
    fitting = (free - fixed) // each
    if fitting < 2:
        n = sum(map(count_parameters, networks))
        raise ConfigError(
            f"{place}: generator.options, discriminator.options: {n:,} parameters need about "
            f"{_gigabytes(fixed + 2 * each)} with the smallest batch, {here}; choose smaller widths"
        )
    raise ConfigError(
        f"{place}: training.batch_size: {batch_size} images a step need about "
        f"{_gigabytes(fixed + batch_size * each)}, {here}; about {fitting} would fit"
    )


def fitting_batch(state: TrainState) -> int | None:
    """The largest batch, halved again and again, of which a step can be done; the state is used up.

    For after a step that failed for want of memory.
    """
    group = state.discriminator.group
    n = state.config.training.batch_size // 2
    while n >= 2:
        n = max(group, n // group * group)
        _give_back(state.device)
        try:
            timed_batch(state, n)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
        else:
            return n
        n //= 2
    return None


def _give_back(device: torch.device) -> None:
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


def _gigabytes(n_bytes: int) -> str:
    return f"{n_bytes / 1e9:,.1f} GB"
