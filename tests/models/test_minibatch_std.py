"""The map that tells a discriminator how alike the images of a group are."""

from __future__ import annotations

import pytest
import torch

from soundgan.models.minibatch_std import MinibatchStd


def test_the_map_is_the_mean_deviation_within_each_group() -> None:
    # Two pixels: of the first pair one deviates by 1, of the second by 3 and 0.
    features = torch.tensor([[0.0, 5.0], [2.0, 5.0], [6.0, 1.0], [0.0, 1.0]]).reshape(4, 1, 1, 2)
    made = MinibatchStd(2)(features)
    assert made.shape == (4, 2, 1, 2)
    assert torch.equal(made[:, :1], features)
    expected = torch.tensor([0.5, 0.5, 1.5, 1.5]).reshape(4, 1, 1, 1).expand(4, 1, 1, 2)
    torch.testing.assert_close(made[:, 1:], expected, rtol=0, atol=1e-4)


def test_what_is_left_over_is_a_group_of_its_own() -> None:
    torch.manual_seed(0)
    features = torch.randn(5, 3, 4, 4)
    spread = MinibatchStd(3)(features)[:, 3, 0, 0]
    assert torch.equal(spread[:3], spread[:1].expand(3))
    assert torch.equal(spread[3:], MinibatchStd(2)(features[3:])[:, 3, 0, 0])


def test_equal_images_have_no_spread_and_a_finite_slope() -> None:
    features = torch.ones(4, 2, 3, 3, requires_grad=True)
    spread = MinibatchStd(4)(features)[:, 2]
    assert spread.max().item() == pytest.approx(0.0, abs=2e-4)
    (slope,) = torch.autograd.grad(spread.sum(), features)
    assert slope.isfinite().all()
