"""From images to waveforms, all inside the graph."""

from __future__ import annotations

import math

import numpy as np
import torch

from soundgan.audio.finish import QUIETEST
from soundgan.audio.outline import Outline
from soundgan.audio.stft import STFTSettings
from soundgan.codec.contract import Codec
from soundgan.codec.spectrogram import SpectrogramCodec
from soundgan.errors import UsageError
from soundgan.graphs.graph import Graph, Value, whole
from soundgan.graphs.magnitudes import TINY, Magnitudes, magnitudes
from soundgan.graphs.rounds import Rounds, Spectrum
from soundgan.graphs.transform import Transform
from soundgan.inversion.auto import rounds_for
from soundgan.inversion.phase_gradient import SHAPE_FACTORS
from soundgan.representations.levels import LevelRepresentation

MOMENTUM = 0.9

LINEAR_ROUNDS = 64
"""Where images show every bin; generated ones gain nothing from more."""

SILENT = 1e-6
"""Of the loudest bin: what is quieter has no slope."""


def waveforms(graph: Graph, codec: Codec, image: Value) -> Value:
    """Sounds [B, N] of corrected images [B, C, F, T], at the peak of the recordings.

    Raises:
        UsageError: The codec has something that has no ONNX form.
    """
    if not isinstance(codec, SpectrogramCodec):
        raise UsageError("`part=audio`: stereo models have no such graph yet; use `part=image`")
    representation = codec.representation
    if not isinstance(representation, LevelRepresentation):
        raise UsageError("`part=audio`: the model does not show its sounds as levels")
    plane = graph.add("ReduceMean", image, axes=[1], keepdims=0)
    found, loudest = _relative(graph, magnitudes(graph, representation, plane))
    n_frames = representation.n_frames
    transform = Transform(graph, representation.stft, n_frames, codec.clip.n_samples)
    rounds = LINEAR_ROUNDS
    if found.bands is not None:
        rounds = rounds_for(representation.stft, within_bands=True)
    start = _summed_along_time(graph, found, representation.stft)
    made = Rounds(transform, found, codec.outline).waveforms(
        start, rounds, MOMENTUM, loud_starts=getattr(codec.inversion.options, "loud_starts", False)
    )
    return _at_peak(graph, graph.add("Mul", made, loudest), codec.outline)


def _summed_along_time(graph: Graph, found: Magnitudes, stft: STFTSettings) -> Spectrum:
    """Spectra whose phase is the sum of its changes along time, as levels imply them.

    The changes are those of :func:`soundgan.inversion.phase_gradient.phase_slopes`. A heap that
    follows the loudest connections, as on the CPU, has no place in a graph of fixed operations.
    """
    gamma = SHAPE_FACTORS[stft.window] * stft.win_length**2
    ratio = stft.hop_length * stft.n_fft / gamma
    cycles = (stft.hop_length * torch.arange(stft.n_bins)) % stft.n_fft / stft.n_fft
    log = graph.add("Log", graph.add("Max", found.bins, SILENT))
    above, below = graph.part(log, 2, 2, stft.n_bins), graph.part(log, 2, 0, stft.n_bins - 2)
    slope = graph.add("Mul", graph.add("Sub", above, below), ratio / 2)
    # The spectrum of a real sound is mirrored at both ends of the frequency axis: no slope there.
    slope = graph.add("Pad", slope, whole(0, 0, 1, 0, 0, 1))
    step = graph.add("Add", slope, cycles * (2 * math.pi))
    until = graph.add("CumSum", step, np.array(1, np.int64))
    turned = graph.add("Sub", until, graph.add("Mul", step, 0.5))
    real, imaginary = (graph.add("Mul", found.bins, graph.add(f, turned)) for f in ("Cos", "Sin"))
    return real, imaginary


def _relative(graph: Graph, found: Magnitudes) -> tuple[Magnitudes, Value]:
    """Magnitudes relative to the loudest of each item, and the loudest [B, 1]."""
    known = [part for part in (found.bins, found.bands) if part is not None]
    each = [graph.add("ReduceMax", part, axes=[1, 2], keepdims=1) for part in known]
    loudest = each[0] if len(each) == 1 else graph.add("Max", *each)
    factor = graph.add("Max", loudest, TINY)
    bins, *bands = (graph.add("Div", part, factor) for part in known)
    relative = Magnitudes(bins, bands[0] if bands else None, found.matrices)
    return relative, graph.reshaped(loudest, 0, 1)


def _at_peak(graph: Graph, made: Value, outline: Outline | None) -> Value:
    """Waveforms as loud as the sounds of the outline, and never beyond full scale."""
    height = graph.add("ReduceMax", graph.add("Abs", made), axes=[1], keepdims=1)
    if outline is None or outline.peak is None:
        return graph.add("Div", made, graph.add("Max", height, 1.0))
    loud = graph.add("GreaterOrEqual", height, QUIETEST)
    wanted = graph.add("Where", loud, float(outline.peak), height)
    factor = graph.add("Div", wanted, graph.add("Max", height, 1e-30))
    return graph.add("Mul", made, factor)
