"""Seeds to latents: what a sound is follows from its seed alone."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from soundgan.runtime.seeding import torch_stream


def draw_latents(seeds: Sequence[int], latent_dim: int, *, truncation: float = 1.0) -> Tensor:
    """Latents [B, Z], row i from ``seeds[i]``; standard normal, scaled by ``truncation``."""
    rows = [torch.randn(latent_dim, generator=torch_stream(seed, "latent")) for seed in seeds]
    return torch.stack(rows) * truncation


def draw_labels(seeds: Sequence[int], n_classes: int) -> Tensor:
    """Labels [B], uniform over the classes, row i from ``seeds[i]``."""
    rows = [torch.randint(n_classes, (), generator=torch_stream(seed, "label")) for seed in seeds]
    return torch.stack(rows)
