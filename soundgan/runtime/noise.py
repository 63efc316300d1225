"""Noise of the size of images, drawn where it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import Tensor


def normal_like(images: Tensor, stream: torch.Generator) -> Tensor:
    """N(0, 1) of the shape, type and device of ``images``.

    On the CPU the stream's own numbers. Elsewhere those of a generator there that the stream
    seeds: a batch of noise takes a CPU longer to draw than a GPU to train on.

    Args:
        images: Of any shape.
        stream: CPU generator.
    """
    import torch

    if images.device.type == "cpu":
        return torch.randn(images.shape, generator=stream).to(images)
    return _drawn_on(images.device, images, stream)


def _drawn_on(device: torch.device, images: Tensor, stream: torch.Generator) -> Tensor:
    import torch

    seed = int(torch.randint(2**62, (), generator=stream))
    there = torch.Generator(device).manual_seed(seed)
    return torch.randn(images.shape, generator=there, device=device, dtype=images.dtype)
