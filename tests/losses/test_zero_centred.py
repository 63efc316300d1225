"""The squared slope of a discriminator."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from soundgan.losses.zero_centred import squared_slope


def test_of_a_linear_discriminator_it_is_the_square_of_its_weights_over_all_pixels() -> None:
    images = torch.randn(5, 1, 4, 2)
    found = squared_slope(lambda x: 3.0 * x.flatten(1).sum(dim=1, keepdim=True), images)
    assert found.item() == pytest.approx(9.0 * 8)


def test_it_is_the_mean_over_images_of_what_each_has_alone() -> None:
    def squares(x: Tensor) -> Tensor:
        return x.square().flatten(1).sum(dim=1, keepdim=True)  # slope 2 x

    images = torch.tensor([1.0, 2.0]).reshape(2, 1, 1, 1)
    assert squared_slope(squares, images).item() == pytest.approx((4.0 + 16.0) / 2)


def test_patches_are_one_verdict() -> None:
    found = squared_slope(
        lambda x: 3.0 * x.flatten(1).sum(dim=1, keepdim=True).expand(-1, 25),
        torch.randn(2, 1, 2, 2),
    )
    assert found.item() == pytest.approx(9.0 * 4)


def test_its_slope_reaches_the_weights_and_not_the_images() -> None:
    discriminator = nn.Sequential(nn.Flatten(), nn.Linear(8, 1))
    images = torch.randn(3, 1, 4, 2, requires_grad=True)
    squared_slope(discriminator, images).backward()
    weight = discriminator.get_parameter("1.weight")
    torch.testing.assert_close(weight.grad, 2 * weight.detach())
    assert images.grad is None
