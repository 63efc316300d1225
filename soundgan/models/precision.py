"""What networks compute in, while their weights and results stay float32."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def compute(
    network: nn.Module, precision: torch.dtype, batch: Tensor, labels: Tensor | None
) -> Tensor:
    """What a network makes of a batch, as float32, its products computed in ``precision``.

    What is sensitive to rounding stays float32, as ``torch.autocast`` has it.

    Args:
        network: A generator or discriminator with float32 weights.
        precision: float32 changes nothing at all.
        batch: Latents or images.
        labels: Of its items, or ``None``.
    """
    if precision == torch.float32:
        exact: Tensor = network(batch, labels)
        return exact
    with torch.autocast(batch.device.type, dtype=precision):
        rounded: Tensor = network(batch, labels)
    return rounded.float()


def precision_on(name: str, device: torch.device) -> torch.dtype:
    """The type that a config's ``training.precision`` means on a device.

    Args:
        name: ``float32``, ``bfloat16``, or ``auto``: bfloat16 where a CUDA device computes in it,
            else float32. Its range is that of float32, so gradients need no scaling.
        device: Where.
    """
    if name == "auto":
        fast = device.type == "cuda" and torch.cuda.get_device_capability(device) >= (8, 0)
        return torch.bfloat16 if fast else torch.float32
    return torch.bfloat16 if name == "bfloat16" else torch.float32
