"""Random stretches along one side of an image."""

from __future__ import annotations

import torch
from torch import Tensor


def draw_spans(
    n_images: int, size: int, max_width: float, max_spans: int, stream: torch.Generator
) -> Tensor:
    """Mark 1 to ``max_spans`` stretches of 0 to ``max_width`` per image; they may overlap.

    Args:
        n_images: B.
        size: S, length of the side in pixels.
        max_width: Of one stretch, as a share of the side; every width below is equally likely.
        max_spans: Every number of stretches from 1 on is equally likely.
        stream: CPU generator.

    Returns:
        True inside a stretch, [B, S].
    """
    count, width, place = torch.rand(3, n_images, max_spans, 1, generator=stream)
    width = width * max_width * size
    start = place * (size - width)
    pixel = torch.arange(size) + 0.5
    n_spans = 1 + (count[:, :1] * max_spans).floor()
    wanted = torch.arange(max_spans)[:, None] < n_spans
    inside: Tensor = (pixel > start) & (pixel < start + width) & wanted
    return inside.any(dim=1)
