"""Twice and half the size of an image, with the kernel [1, 2, 1] along each side.

Written as sums of shifted images. As depthwise convolutions both would be slow in training on CPUs
and wrong in some versions of MPS; the backward pass of pooling is slower than a convolution.
"""

from __future__ import annotations

import torch
from torch import Tensor


def double(images: Tensor) -> Tensor:
    """[B, C, F, T] to [B, C, 2F, 2T]: old pixels at even places, means of neighbours between."""
    return _double_side(_double_side(images, 2), 3)


def halve(images: Tensor) -> Tensor:
    """[B, C, F, T] of even sides to [B, C, F/2, T/2]: means around the pixels at even places."""
    return _halve_side(_halve_side(images, 2), 3)


def _double_side(images: Tensor, dim: int) -> Tensor:
    last = images.shape[dim] - 1
    after = torch.cat([images.narrow(dim, 1, last), images.narrow(dim, last, 1)], dim)
    return torch.stack([images, (images + after) / 2], dim + 1).flatten(dim, dim + 1)


def _halve_side(images: Tensor, dim: int) -> Tensor:
    even, odd = torch.unflatten(images, dim, (-1, 2)).unbind(dim + 1)
    before = torch.cat([even.narrow(dim, 0, 1), odd.narrow(dim, 0, odd.shape[dim] - 1)], dim)
    return even / 2 + (before + odd) / 4
