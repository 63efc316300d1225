from __future__ import annotations

import pytest
import torch
from torch import Tensor

from soundgan.augmentations.tilt import Tilt, TiltOptions


def curves(n_images: int, n_rows: int) -> Tensor:
    """What is added to a level of 0, [B, F]."""
    part = Tilt(TiltOptions())
    return part(torch.zeros(n_images, 1, n_rows, 2), torch.Generator().manual_seed(0))[:, 0, :, 0]


def test_runs_along_half_a_cosine_between_its_ends() -> None:
    curve = curves(8, 5)
    share = (curve - curve[:, :1]) / (curve[:, -1:] - curve[:, :1])
    # (1 - cos 45 degrees) / 2 = 0.146
    expected = torch.tensor([0.0, 0.146447, 0.5, 0.853553, 1.0]).expand(8, 5)
    torch.testing.assert_close(share, expected, rtol=0, atol=1e-4)


def test_draws_both_ends_independently_within_3_decibels() -> None:
    curve = curves(20_000, 2)
    assert curve.abs().max().item() == pytest.approx(0.08, abs=1e-4)
    assert curve.mean().item() == pytest.approx(0.0, abs=0.001)
    assert curve.std(dim=0).tolist() == pytest.approx([0.08 / 3**0.5] * 2, abs=0.001)
    assert torch.corrcoef(curve.T)[0, 1].item() == pytest.approx(0.0, abs=0.03)


def test_is_the_same_at_all_times() -> None:
    images = torch.zeros(4, 1, 8, 6)
    changed = Tilt(TiltOptions())(images, torch.Generator().manual_seed(0))
    assert torch.equal(changed, changed[..., :1].expand_as(changed))
