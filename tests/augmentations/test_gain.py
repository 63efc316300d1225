from __future__ import annotations

import pytest
import torch

from soundgan.augmentations.gain import Gain, GainOptions


def test_adds_one_amount_to_everything_above_the_floor() -> None:
    images = torch.tensor([-1.0, -0.9, -0.5, 0.0, 1.0]).reshape(1, 1, 1, 5).expand(6, 1, 3, 5)
    change = Gain(GainOptions())(images, torch.Generator().manual_seed(0)) - images
    amount = change[:, :1, :1, 4:]
    assert amount.abs().min() > 0
    expected = amount * torch.tensor([0.0, 0.5, 1.0, 1.0, 1.0])
    torch.testing.assert_close(change, expected.expand_as(change))


def test_is_uniform_up_to_3_decibels_of_80() -> None:
    images = torch.zeros(20_000, 1, 1, 1)
    decibels = Gain(GainOptions())(images, torch.Generator().manual_seed(0)) * 40
    assert decibels.min().item() == pytest.approx(-3.2, abs=0.01)
    assert decibels.max().item() == pytest.approx(3.2, abs=0.01)
    assert decibels.mean().item() == pytest.approx(0.0, abs=0.05)
    # Of a uniform variable: half its width by the square root of 3.
    assert decibels.std().item() == pytest.approx(3.2 / 3**0.5, abs=0.03)
