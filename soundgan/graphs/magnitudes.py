"""From images to the magnitudes of a spectrogram, frames as rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from soundgan.audio.band_products import products_with, shares_of
from soundgan.errors import UsageError
from soundgan.graphs.graph import Graph, Value, whole
from soundgan.representations.contract import Representation
from soundgan.representations.levels import LevelRepresentation, resize
from soundgan.representations.log_magnitude import LogMagnitude
from soundgan.representations.log_mel import LogMel

TINY = 1e-30
"""Keeps what vanished at 0 instead of 0 / 0."""


class BandMatrices:
    """Products with a filterbank [n_bands, n_bins], for frames as rows.

    Attributes:
        rim: 1 for bins of which bands say little, else 0, [n_bins].
    """

    def __init__(self, graph: Graph, weights: Tensor) -> None:
        self._graph = graph
        self._sums = weights.T.contiguous()
        self._shares = shares_of(weights).T.contiguous()
        self.rim = torch.zeros(weights.shape[1])
        self.rim[products_with(weights).rim] = 1.0

    def bands(self, bins: Value) -> Value:
        """Weighted sums [B, T, n_bands] of bins [B, T, n_bins]."""
        return self._graph.add("MatMul", bins, self._sums)

    def bins(self, bands: Value) -> Value:
        """For each bin the mean of its bands."""
        return self._graph.add("MatMul", bands, self._shares)


@dataclass(frozen=True)
class Magnitudes:
    """What images tell of the transform.

    Attributes:
        bins: Magnitudes [B, T, n_bins].
        bands: What images show [B, T, n_bands], where the bins are guessed from it.
        matrices: Between the two.
    """

    bins: Value
    bands: Value | None = None
    matrices: BandMatrices | None = None


def magnitudes(graph: Graph, representation: Representation, plane: Value) -> Magnitudes:
    """What one plane [B, F, T] of images in [-1, 1] shows.

    Raises:
        UsageError: The representation has no ONNX form.
    """
    if isinstance(representation, LogMel):
        bands = _shown(graph, representation, plane)
        matrices = BandMatrices(graph, representation.weights)
        return Magnitudes(_guessed(graph, representation, matrices, bands), bands, matrices)
    if isinstance(representation, LogMagnitude):
        rows = _shown(graph, representation, plane)
        missing = representation.stft.n_bins - representation.n_rows
        return Magnitudes(graph.add("Pad", rows, whole(0, 0, 0, 0, 0, missing)))
    raise UsageError(
        f"`representation={type(representation).__name__}`: has no ONNX form; export `part=image`"
    )


def _shown(graph: Graph, representation: LevelRepresentation, plane: Value) -> Value:
    """Magnitudes [B, n_frames, n_rows] of a plane."""
    measured = representation.statistics()
    scale, centre = (measured[key][:, None] for key in ("half_range_db", "centre_db"))
    levels = graph.add("Add", graph.add("Mul", plane, scale), centre)
    image = representation.image
    if image.height != representation.n_rows or image.width != representation.n_frames:
        upright = resize(torch.eye(image.height)[None], representation.n_rows, image.height)[0]
        along = resize(torch.eye(image.width)[None], image.width, representation.n_frames)[0]
        levels = graph.add("MatMul", graph.add("MatMul", upright, levels), along)
    floor = 10.0 ** (representation.options.floor_db / 20.0) * (1.0 + 1e-5)
    relative = graph.add("Exp", graph.add("Mul", levels, math.log(10.0) / 20.0))
    relative = graph.add("Relu", graph.add("Sub", relative, floor))
    magnitude = graph.add("Mul", relative, representation.stft.full_scale)
    return graph.add("Transpose", magnitude, perm=[0, 2, 1])


def _guessed(graph: Graph, representation: LogMel, matrices: BandMatrices, bands: Value) -> Value:
    """Magnitudes of the bins [B, T, n_bins], as :func:`~soundgan.audio.mel.invert_mel` has it."""
    bins = matrices.bins(bands)
    for _ in range(representation.options.inverse_iterations):
        missing = graph.add("Div", bands, graph.add("Max", matrices.bands(bins), TINY))
        ratio = matrices.bins(missing)
        bins = graph.add("Mul", bins, graph.add("Mul", ratio, graph.add("Sqrt", ratio)))
    return bins
