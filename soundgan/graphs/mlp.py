"""The graph of an ``mlp`` generator."""

from __future__ import annotations

from typing import Any

from soundgan.graphs.graph import Graph, Value
from soundgan.graphs.layers import affine, joined_code, linear, statistics
from soundgan.models.mlp import MLPGenerator


def mlp(graph: Graph, generator: MLPGenerator, z: Value, labels: Value | None) -> Value:
    """X [B, *shape] of latents [B, Z] and labels [B]; batch norms go into the layers before."""
    hidden = joined_code(graph, generator.code, z, labels)
    layers: list[Any] = list(generator.blocks)
    for layer, norm in zip(layers[::3], layers[1::3], strict=True):
        scale, shift = statistics(norm)
        hidden = graph.add("Relu", affine(graph, layer.weight * scale[:, None], shift, hidden))
    pixels = graph.add("Sigmoid", linear(graph, generator.to_image, hidden))
    spread = graph.add("Sub", graph.add("Mul", pixels, 2.0), 1.0)
    return graph.reshaped(spread, -1, *generator.shape)
