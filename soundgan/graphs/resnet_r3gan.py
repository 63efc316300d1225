"""The graph of a ``resnet_r3gan`` generator."""

from __future__ import annotations

from typing import Any

from torch import nn

from soundgan.graphs.graph import Graph, Value, whole
from soundgan.graphs.layers import affine, convolved, joined_code, joined_patches
from soundgan.models.resnet_r3gan import SLOPE, ResNetGenerator


def resnet_r3gan(graph: Graph, generator: ResNetGenerator, z: Value, labels: Value | None) -> Value:
    """Images [B, C, F, T] of latents [B, Z] and labels [B]."""
    code = joined_code(graph, generator.code, z, labels)
    weights = affine(graph, generator.weigh.weight, None, code)
    weights = graph.add("Unsqueeze", weights, whole(2, 3))
    hidden = _refined(graph, generator.stages[0], graph.add("Mul", weights, generator.basis))
    rows, columns = generator.canvas.grid
    for transition, stage in zip(generator.transitions, generator.stages[1:], strict=True):
        if isinstance(transition, nn.Conv2d):
            hidden = convolved(graph, transition, hidden)
        hidden = _doubled_side(graph, hidden, 2, rows)
        hidden = _doubled_side(graph, hidden, 3, columns)
        rows, columns = 2 * rows, 2 * columns
        hidden = _refined(graph, stage, hidden)
    return joined_patches(graph, generator.canvas, convolved(graph, generator.to_image, hidden))


def _refined(graph: Graph, stage: Any, hidden: Value) -> Value:
    for block in stage:
        inside = graph.add("LeakyRelu", convolved(graph, block.widen, hidden), alpha=SLOPE)
        inside = graph.add("LeakyRelu", convolved(graph, block.mix, inside), alpha=SLOPE)
        hidden = graph.add("Add", hidden, convolved(graph, block.narrow, inside))
    return hidden


def _doubled_side(graph: Graph, images: Value, axis: int, size: int) -> Value:
    """Old pixels at even places, means of neighbours between, as :func:`double` has it."""
    last = graph.part(images, axis, size - 1, size)
    after = graph.add("Concat", graph.part(images, axis, 1, size), last, axis=axis)
    between = graph.add("Mul", graph.add("Add", images, after), 0.5)
    pair = [graph.add("Unsqueeze", half, whole(axis + 1)) for half in (images, between)]
    stacked = graph.add("Concat", *pair, axis=axis + 1)
    if axis == 2:
        return graph.reshaped(stacked, 0, 0, 2 * size, -1)
    return graph.reshaped(stacked, 0, 0, 0, 2 * size)
