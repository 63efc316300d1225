from __future__ import annotations

import torch

from soundgan.augmentations.time_mask import TimeMask, TimeMaskOptions


def test_silences_one_stretch_of_columns_and_leaves_the_others() -> None:
    images = torch.rand(500, 3, 4, 100, generator=torch.Generator().manual_seed(1))
    masked = TimeMask(TimeMaskOptions())(images, torch.Generator().manual_seed(2))
    silent = (masked == -1).all(dim=2).all(dim=1)
    kept = ~silent[:, None, None, :].expand_as(masked)
    assert torch.equal(masked[kept], images[kept])
    assert silent.sum(dim=1).max() == 12
    edges = silent.int().diff(dim=1).abs().sum(dim=1)
    assert edges.max() == 2
