"""The short-time Fourier transform in standard operators, as products with cosines and sines.

A frame is folded about its middle first: its even half meets the cosines, its odd half the sines.
That is half of the multiplications and a quarter of the constants of a whole matrix of either.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import pad

from soundgan.audio.stft import STFTSettings, padded_length, synthesis_weights, window
from soundgan.graphs.graph import Graph, Value, whole


class Transform:
    """Waveforms with silence around them [B, L] to spectra [B, T, n_bins] in two parts, and back.

    Attributes:
        length: L; the waveform begins at ``start``.
        start: Half a window.
    """

    def __init__(self, graph: Graph, stft: STFTSettings, n_frames: int, n_samples: int) -> None:
        self.graph = graph
        self.n_frames = n_frames
        self.n_samples = n_samples
        self.stft = stft
        self.start = stft.n_fft // 2
        self._hop = stft.hop_length
        self._n_hops = math.ceil((stft.n_fft + 1) / self._hop)
        least = max(padded_length(stft, n_frames), self.start + n_samples)
        self._n_rows = max(n_frames - 1 + self._n_hops, math.ceil(least / self._hop))
        self.length = self._n_rows * self._hop
        weights = synthesis_weights(stft, n_frames, n_samples)
        self._weights = pad(weights, (0, self.length - len(weights)))
        self._cosines, self._sines, self._fold = _products(stft)

    def forward(self, padded: Value) -> tuple[Value, Value]:
        """Real and imaginary parts [B, T, n_bins] of waveforms [B, L]."""
        add, middle, n = self.graph.add, self.start, self.stft.n_fft
        rows = self.graph.reshaped(padded, 0, self._n_rows, self._hop)
        shifted = [self.graph.part(rows, 1, k, k + self.n_frames) for k in range(self._n_hops)]
        frames = add("Concat", *shifted, axis=2)
        shape = pad(window(self.stft), (0, 1))
        before, behind = shape[: middle + 1], shape.flip(0)[: middle + 1].clone()
        behind[-1] = 0.0  # the middle is there once
        first = add("Mul", self.graph.part(frames, 2, 0, middle + 1), before)
        second = add("Mul", self.graph.part(frames, 2, n, middle - 1, -1), behind)
        even, odd = add("Add", first, second), add("Sub", second, first)
        return add("MatMul", even, self._cosines), add("MatMul", odd, self._sines)

    def backward(self, real: Value, imaginary: Value) -> Value:
        """Waveforms [B, L], silent outside their samples, whose spectra are nearest to these."""
        add, middle, n = self.graph.add, self.start, self.stft.n_fft
        even = add("MatMul", add("Mul", real, self._fold), self._cosines)
        odd = add("MatMul", add("Mul", imaginary, self._fold), self._sines)
        first = add("Sub", even, odd)
        second = self.graph.part(add("Add", even, odd), 2, middle - 1, 0, -1)
        shape = window(self.stft)
        halves = add("Mul", first, shape[: middle + 1]), add("Mul", second, shape[middle + 1 :])
        frames = add(
            "Pad", add("Concat", *halves, axis=2), _pads(2, 0, self._n_hops * self._hop - n)
        )
        pieces = []
        for k in range(self._n_hops):
            piece = self.graph.part(frames, 2, k * self._hop, (k + 1) * self._hop)
            after = self._n_rows - self.n_frames - k
            pieces.append(add("Pad", piece, _pads(1, k, after)))
        samples = self.graph.reshaped(add("Sum", *pieces), 0, self.length)
        return add("Mul", samples, self._weights)

    def waveform(self, padded: Value) -> Value:
        """The samples [B, N] of waveforms [B, L]."""
        return self.graph.part(padded, 1, self.start, self.start + self.n_samples)


def _pads(axis: int, before: int, after: int) -> NDArray[np.int64]:
    """Zeros around an axis of three."""
    pads = [0] * 6
    pads[axis], pads[3 + axis] = before, after
    return whole(*pads)


def _products(stft: STFTSettings) -> tuple[Tensor, Tensor, Tensor]:
    """Cosines and sines [n_bins, n_bins], and what an inverse multiplies bins by, [n_bins]."""
    bins = torch.arange(stft.n_bins, dtype=torch.float64)
    turns = torch.outer(bins, bins) % stft.n_fft  # small angles are exact
    angles = turns * (2 * math.pi / stft.n_fft)
    sines = angles.sin()
    sines[[0, -1]] = 0.0
    sines[:, [0, -1]] = 0.0
    fold = torch.full((stft.n_bins,), 2.0 / stft.n_fft)
    fold[[0, -1]] /= 2
    return angles.cos().float(), sines.float(), fold
