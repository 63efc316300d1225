"""The graph of a ``dcgan`` generator."""

from __future__ import annotations

from typing import Any

from soundgan.graphs.graph import Graph, Value, whole
from soundgan.graphs.layers import convolved, joined_code, modulated, statistics
from soundgan.models.dcgan import SLOPE, DCGANGenerator


def dcgan(graph: Graph, generator: DCGANGenerator, z: Value, labels: Value | None) -> Value:
    """Images [B, C, F, T] of latents [B, Z] and labels [B]."""
    code = joined_code(graph, generator.code, z, labels)
    hidden = graph.add("Unsqueeze", code, whole(2, 3))
    stages: Any = generator.stages
    for stage in stages:
        hidden = convolved(graph, stage.convolution, hidden)
        if stage.norm is not None:
            scale, shift = (part[:, None, None] for part in statistics(stage.norm))
            hidden = graph.add("Add", graph.add("Mul", hidden, scale), shift)
        if stage.modulation is not None:
            hidden = modulated(graph, stage.modulation, hidden, code)
        hidden = graph.add("LeakyRelu", hidden, alpha=SLOPE)
    return graph.add("Tanh", convolved(graph, generator.to_image, hidden))
