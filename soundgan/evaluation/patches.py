"""A fixed feature extractor that needs no training: what 4x4 patches of the picture look like."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from soundgan.errors import UsageError
from soundgan.evaluation.pairs import blocks
from soundgan.runtime.threads import map_in_threads

MAX_FEATURES = 64

_SIZE = 64
_PATCH = 4
_BLOCK_IMAGES = 256
_CLIPS_PER_FEATURE = 8
"""Whitening a direction that fewer clips pin down would mostly amplify chance."""
_RIDGE = 1e-6
"""Of the mean variance of the kept directions: those without any stay finite."""
_DEAD = 1e-10
"""Of the largest variance: directions below are rounding errors."""


@dataclass(frozen=True, eq=False)
class PatchFeatures:
    """Mean and spread of every patch, along the directions in which the fitted images differ most.

    Attributes:
        mean: Mean patch statistics of the fitted images, float64 [S]; S is 512 for whole images.
        directions: Whitened principal directions, float64 [S, D], at most 64 of them.
        hash: SHA-256 of both. Numbers from extractors of different hash cannot be compared.
    """

    mean: Tensor
    directions: Tensor
    hash: str

    name: ClassVar[str] = "patches"

    @classmethod
    def fit(cls, images: Tensor) -> PatchFeatures:
        """Learn mean and directions from real images.

        There are as many directions as differ in ``images``, at most 64 and at most one for every
        eight images. Among the fitted images each feature has mean 0 and variance 1.

        Args:
            images: In [-1, 1], [N, F, T]; any size.

        Raises:
            UsageError: Fewer than two images, all alike, not finite, or not [N, F, T].
        """
        return cls.of_statistics(_statistics(images))

    @classmethod
    def of_statistics(cls, statistics: Tensor) -> PatchFeatures:
        """Learn mean and directions from statistics of patches, float64 [N, S].

        Args:
            statistics: As of :func:`cell_statistics`.

        Raises:
            UsageError: Fewer than two rows, or all alike.
        """
        if len(statistics) < 2:
            raise UsageError(f"images: needs at least 2 to fit features, got {len(statistics)}")
        mean = statistics.mean(dim=0)
        centred = statistics - mean
        variance, vectors = torch.linalg.eigh(centred.T @ centred / (len(centred) - 1))
        alive = int((variance > _DEAD * variance[-1]).sum()) if variance[-1] > 0 else 0
        if alive == 0:
            raise UsageError("images: all alike; features need clips that differ")
        kept = min(MAX_FEATURES, alive, max(1, len(statistics) // _CLIPS_PER_FEATURE))
        variance, vectors = variance[-kept:].flip(0), vectors[:, -kept:].flip(1)
        # An eigenvector's sign is arbitrary; its largest entry is made positive.
        largest = vectors.abs().argmax(dim=0)
        vectors = vectors * vectors[largest, torch.arange(kept)].sign()
        directions = vectors / (variance + _RIDGE * variance.mean()).sqrt()
        return cls(mean, directions, _hash(mean, directions))

    def features(self, images: Tensor) -> Tensor:
        """Features of images [N, F, T] in [-1, 1]: float64 [N, D].

        Raises:
            UsageError: Empty, not finite, or not [N, F, T].
        """
        return self.project(_statistics(images))

    def project(self, statistics: Tensor) -> Tensor:
        """Features [N, D] of statistics [N, S] of patches."""
        return (statistics - self.mean) @ self.directions


def cell_statistics(images: Tensor, n_rows: int, n_columns: int) -> Tensor:
    """Means, then standard deviations, of the cells of a grid: float64 [N, 2 n_rows n_columns].

    Args:
        images: [N, F, T], of which F is a multiple of ``n_rows`` and T of ``n_columns``.
        n_rows: Cells on top of each other.
        n_columns: Cells beside each other.
    """
    size, width = images.shape[1] // n_rows, images.shape[2] // n_columns
    cells = images.unfold(1, size, size).unfold(2, width, width).flatten(-2)
    means, spreads = cells.mean(dim=-1), cells.std(dim=-1, correction=0)
    return torch.cat([means.flatten(1), spreads.flatten(1)], dim=1)


def _statistics(images: Tensor) -> Tensor:
    """Means, then standard deviations, of 16 x 16 patches: float64 [N, 512]."""
    if images.ndim != 3 or images.numel() == 0:
        raise UsageError(f"images: expected [N, F, T], got {list(images.shape)}")
    if not torch.isfinite(images).all():
        raise UsageError("images: not finite; leave broken ones out")

    def work(block: Tensor) -> Tensor:
        pooled = adaptive_avg_pool2d(block.double()[:, None], _SIZE)[:, 0]
        return cell_statistics(pooled, _SIZE // _PATCH, _SIZE // _PATCH)

    return torch.cat(map_in_threads(work, blocks(images.detach().cpu(), _BLOCK_IMAGES)))


def _hash(mean: Tensor, directions: Tensor) -> str:
    digest = hashlib.sha256(PatchFeatures.name.encode())
    for numbers in (mean, directions):
        digest.update(str(list(numbers.shape)).encode())
        digest.update(numbers.contiguous().numpy().astype("<f8").tobytes())
    return digest.hexdigest()
