from __future__ import annotations

import torch
from torch.nn import functional

from soundgan.models.resampling import double, halve

IMAGES = torch.randn(2, 3, 8, 16, generator=torch.Generator().manual_seed(0))
KERNEL = torch.tensor([0.25, 0.5, 0.25])


def test_doubling_puts_means_between_old_pixels() -> None:
    row = torch.tensor([0.0, 4.0, 2.0]).reshape(1, 1, 1, 3)
    assert double(row)[0, 0].tolist() == [[0.0, 2.0, 4.0, 3.0, 2.0, 2.0]] * 2


def test_halving_weighs_neighbours_half() -> None:
    row = torch.tensor([4.0, 8.0, 0.0, 4.0]).reshape(1, 1, 1, 4).expand(1, 1, 2, 4)
    # (4 + 2 * 4 + 8) / 4 at the edge, which repeats, and (8 + 0 + 4) / 4.
    assert halve(row)[0, 0].tolist() == [[5.0, 3.0]]


def test_halving_is_a_strided_convolution() -> None:
    kernel = (KERNEL[:, None] * KERNEL).expand(3, 1, 3, 3)
    padded = functional.pad(IMAGES, (1, 0, 1, 0), mode="replicate")
    expected = functional.conv2d(padded, kernel, stride=2, groups=3)
    torch.testing.assert_close(halve(IMAGES), expected)


def test_doubling_is_bilinear() -> None:
    # Aligned at the corners, with the last pixel said twice.
    padded = functional.pad(IMAGES, (0, 1, 0, 1), mode="replicate")
    bilinear = functional.interpolate(padded, (17, 33), mode="bilinear", align_corners=True)
    torch.testing.assert_close(double(IMAGES), bilinear[..., :-1, :-1])


def test_a_flat_image_stays_flat() -> None:
    flat = torch.full((1, 1, 4, 2), 0.7)
    torch.testing.assert_close(double(flat), torch.full((1, 1, 8, 4), 0.7))
    torch.testing.assert_close(halve(flat), torch.full((1, 1, 2, 1), 0.7))


def test_sums_over_inner_pixels_follow_the_size() -> None:
    dot = torch.zeros(1, 1, 8, 8)
    dot[..., 4, 4] = 1.0
    torch.testing.assert_close(double(dot).sum(), torch.tensor(4.0))
    torch.testing.assert_close(halve(dot).sum(), torch.tensor(0.25))
