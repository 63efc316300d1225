"""Rounds of fast Griffin-Lim in standard operators, within the limits of an outline."""

from __future__ import annotations

import torch
from torch import Tensor

from soundgan.audio.outline import Limits, Outline, limits
from soundgan.graphs.graph import Value
from soundgan.graphs.magnitudes import TINY, Magnitudes
from soundgan.graphs.transform import Transform
from soundgan.inversion.rounds import CLEARLY

_MOST_GROWTH, _MOST_AT_RIM, _FREE = 1e6, 2.0, 1e9

Spectrum = tuple[Value, Value]
"""Real and imaginary parts [B, T, n_bins]."""


class Holder:
    """Keeps waveforms [B, L] within the limits of an outline, as :class:`Frames` does."""

    def __init__(self, transform: Transform, outline: Outline | None) -> None:
        self._graph = transform.graph
        self._transform = transform
        self._widths = limits(outline, transform.n_samples)
        first = self._widths[0]
        self._free = transform.n_samples - first.start.shape[-1] - first.end.shape[-1]
        self._skip = first.start.shape[-1]
        self.idle = self._free == transform.n_samples
        self._shares: Value | Tensor = self._spread(first)
        self._most = first.most
        self._pressed: Value | None = None
        self._loud: Value | None = None
        self.wider = self._widths[1:]

    def hold(self, padded: Value) -> Value:
        """The nearest waveforms within the limits."""
        if self.idle:
            return padded
        add, start = self._graph.add, self._transform.start + self._skip
        free = self._graph.part(padded, 1, start, start + self._free)
        peak = add("ReduceMax", add("Abs", free), axes=[1], keepdims=1)
        limit = add("Mul", peak, self._shares)
        return add("Max", add("Min", padded, limit), add("Neg", limit))

    def let_loud_begin(self, padded: Value) -> None:
        """From now on, give those the widest limits that clearly need them."""
        self._loud, self._most = self._pressing(padded, CLEARLY), self._widths[-1].most
        widest = self._spread(self._widths[-1])
        self._shares = self._graph.add("Where", self._loud, widest, self._shares)

    def widen(self, padded: Value, wider: Limits) -> None:
        """From now on, let those begin and end louder that press to do so."""
        add = self._graph.add
        pressed = self._pressing(padded, self._most)
        if self._pressed is not None:
            pressed = add("And", pressed, self._pressed)
        self._pressed, self._most = pressed, wider.most
        if self._loud is not None:
            pressed = add("And", pressed, add("Not", self._loud))
        self._shares = add("Where", pressed, self._spread(wider), self._shares)

    def _pressing(self, padded: Value, most: float) -> Value:
        """Which waveforms would have to be changed by more than a share of their norm, [B, 1]."""
        add = self._graph.add
        moved = add("Sub", self.hold(padded), padded)
        error, size = (add("ReduceSumSquare", x, axes=[1], keepdims=1) for x in (moved, padded))
        return add("Greater", error, add("Mul", size, most**2))

    def _spread(self, width: Limits) -> Tensor:
        """Shares of the peak for every place [1, L]."""
        at, n = self._transform.start, self._transform.n_samples
        shares = torch.full((self._transform.length,), _FREE)
        shares[at : at + len(width.start)] = width.start
        shares[at + n - len(width.end) : at + n] = width.end
        return shares[None]


class Rounds:
    """Spectra of given magnitudes to waveforms that have them, all relative to the loudest."""

    def __init__(self, transform: Transform, found: Magnitudes, outline: Outline | None) -> None:
        self._graph = transform.graph
        self._transform = transform
        self.target = found.bins
        self._bands = found.bands
        self._matrices = found.matrices
        self._holder = Holder(transform, outline)

    def waveforms(
        self, spectrum: Spectrum, rounds: int, momentum: float, *, loud_starts: bool = False
    ) -> Value:
        """Waveforms [B, N] after some rounds from a spectrum."""
        add = self._graph.add
        inertia = momentum / (1.0 + momentum)
        previous: Spectrum | None = None
        wider = self._holder.wider
        widening = dict(zip((rounds >> n for n in range(len(wider), 0, -1)), wider, strict=True))
        for number in range(rounds):
            padded = self._transform.backward(*spectrum)
            if loud_starts and number == 0 and not self._holder.idle:
                self._holder.let_loud_begin(padded)
            if number in widening and not self._holder.idle:
                self._holder.widen(padded, widening[number])
            consistent = self._transform.forward(self._holder.hold(padded))
            ahead = consistent
            if previous is not None:
                real, imaginary = (
                    add("Sub", now, add("Mul", before, inertia))
                    for now, before in zip(consistent, previous, strict=True)
                )
                ahead = real, imaginary
            spectrum = self._with_size(ahead, self._guess(consistent))
            previous = consistent
        padded = self._holder.hold(self._transform.backward(*spectrum))
        return self._transform.waveform(padded)

    def _guess(self, consistent: Spectrum) -> Value:
        """Magnitudes to keep: the target, or near ``consistent`` within the bands."""
        if self._bands is None or self._matrices is None:
            return self.target
        add, matrices = self._graph.add, self._matrices
        size = self._size(consistent)
        missing = add("Div", self._bands, add("Max", matrices.bands(size), TINY))
        missing = add("Min", missing, _MOST_GROWTH)
        guess = add("Mul", size, matrices.bins(add("Mul", missing, add("Sqrt", missing))))
        rim = add("Mul", self.target, _MOST_AT_RIM)
        most = add("Where", matrices.rim.bool(), rim, 1e30)
        return add("Min", guess, most)

    def _with_size(self, spectrum: Spectrum, size: Value) -> Spectrum:
        factor = self._graph.add("Div", size, self._size(spectrum))
        real, imaginary = (self._graph.add("Mul", part, factor) for part in spectrum)
        return real, imaginary

    def _size(self, spectrum: Spectrum) -> Value:
        real, imaginary = (self._graph.add("Mul", part, part) for part in spectrum)
        square = self._graph.add("Add", real, imaginary)
        return self._graph.add("Sqrt", self._graph.add("Add", square, TINY))
