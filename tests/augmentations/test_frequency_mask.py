from __future__ import annotations

import torch

from soundgan.augmentations.frequency_mask import FrequencyMask, FrequencyMaskOptions


def test_silences_whole_rows_and_leaves_the_others() -> None:
    images = torch.rand(200, 3, 100, 4, generator=torch.Generator().manual_seed(1))
    masked = FrequencyMask(FrequencyMaskOptions())(images, torch.Generator().manual_seed(2))
    silent = (masked == -1).all(dim=3).all(dim=1)
    assert torch.equal(
        masked[~silent[:, None, :, None].expand_as(masked)],
        images[~silent[:, None, :, None].expand_as(images)],
    )
    # Two bands of at most 12 rows.
    assert 12 < silent.sum(dim=1).max() <= 24


def test_one_band_is_at_most_12_percent() -> None:
    images = torch.zeros(2000, 1, 100, 1)
    part = FrequencyMask(FrequencyMaskOptions(max_bands=1))
    masked = part(images, torch.Generator().manual_seed(2))
    assert (masked == -1).sum(dim=2).max() == 12
