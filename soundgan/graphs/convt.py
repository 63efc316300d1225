"""The graph of a ``convt`` generator."""

from __future__ import annotations

import math
from typing import Any

from torch import nn

from soundgan.graphs.graph import Graph, Value
from soundgan.graphs.layers import (
    convolved,
    joined_code,
    joined_patches,
    linear,
    modulated,
)
from soundgan.models.convt import LEAK, SLOPE, ConvTGenerator


def convt(graph: Graph, generator: ConvTGenerator, z: Value, labels: Value | None) -> Value:
    """Images [B, C, F, T] of latents [B, Z] and labels [B]."""
    at = generator.code_dim
    code = joined_code(graph, generator.code, graph.part(z, 1, 0, at), labels)
    first = linear(graph, generator.start, code)
    hidden = graph.reshaped(first, 0, -1, *generator.grid)
    norms = [generator.start_norm, *generator.norms]
    for number, norm in enumerate(norms):
        if number:
            hidden = _doubled(graph, generator.stages[number - 1], hidden)
        if number < len(generator.maps):
            rows, columns = generator.maps[number]
            noise = graph.part(z, 1, at, at + rows * columns)
            noise = graph.reshaped(noise, 0, 1, rows, columns)
            at += rows * columns
            noise = graph.add("Mul", noise, generator.strengths[number])
            hidden = graph.add("Add", hidden, noise)
        hidden = modulated(graph, norm, hidden, code)
        hidden = graph.add("LeakyRelu", hidden, alpha=SLOPE)
    if generator.pixel_noise[0]:
        finest = graph.part(z, 1, at, at + math.prod(generator.pixel_noise))
        finest = graph.reshaped(finest, 0, *generator.pixel_noise)
        hidden = graph.add("Concat", hidden, finest, axis=1)
    image = joined_patches(graph, generator.canvas, _doubled(graph, generator.to_image, hidden))
    if generator.output == "tanh":
        return graph.add("Tanh", image)
    inside = graph.add("Clip", image, -1.0, 1.0)
    beyond = graph.add("Sub", image, inside)
    return graph.add("Add", inside, graph.add("Mul", beyond, LEAK))


def _doubled(graph: Graph, layer: Any, hidden: Value) -> Value:
    """Maps of twice the size, the way that the layer doubles them."""
    if isinstance(layer, nn.ConvTranspose2d):
        return convolved(graph, layer, hidden)
    return convolved(graph, layer[1], graph.nearest(hidden))
