"""The averaged generator."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from soundgan.config.schema import TrainingConfig

RAMP = 0.05
"""Early in a run the half-life is at most this share of the images seen (Karras et al. 2020)."""


def half_life(training: TrainingConfig) -> float:
    """Images after which an old weight counts half, as the config asks for it."""
    if training.ema_half_life_share > 0:
        return training.ema_half_life_share * training.steps * training.batch_size
    return training.ema_half_life_images


def ema_decay(half_life_images: float, batch_size: int, images_seen: int) -> float:
    """Weight of the old average in one update; 0 copies the network."""
    ramped = min(half_life_images, RAMP * images_seen)
    return 0.0 if ramped <= 0 else float(0.5 ** (batch_size / ramped))


@torch.no_grad()
def update_ema(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move ``average`` towards ``network``; buffers are copied."""
    averaged: list[Tensor] = list(average.parameters())
    current: list[Tensor] = list(network.parameters())
    torch._foreach_lerp_(averaged, current, 1.0 - decay)
    for target, source in zip(average.buffers(), network.buffers(), strict=True):
        target.copy_(source)
