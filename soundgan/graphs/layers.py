"""Layers that several architectures have."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

from soundgan.graphs.graph import Graph, Value, whole
from soundgan.models.canvas import Canvas
from soundgan.models.conditioning import LatentCode
from soundgan.models.norms import ConditionalBatchNorm


def linear(graph: Graph, layer: nn.Linear, x: Value) -> Value:
    """[B, D'] of x [B, D]."""
    return affine(graph, layer.weight, layer.bias, x)


def affine(graph: Graph, weight: Tensor, bias: Tensor | None, x: Value) -> Value:
    """[B, D'] of x [B, D] for a weight [D', D]."""
    terms = (x, weight) if bias is None else (x, weight, bias)
    return graph.add("Gemm", *terms, transB=1)


def joined_code(graph: Graph, code: LatentCode, z: Value, labels: Value | None) -> Value:
    """The latent [B, Z] and the vector of its label [B], joined [B, D]."""
    if code.n_classes is None or labels is None:
        return z
    table = torch.eye(code.n_classes) if code.embedding is None else code.embedding.weight
    return graph.add("Concat", z, graph.add("Gather", table, labels), axis=1)


def convolved(
    graph: Graph, layer: nn.Conv2d | nn.ConvTranspose2d, hidden: Value, shift: Tensor | None = None
) -> Value:
    """A convolution, or a transposed one, of maps [B, C, H, W].

    Args:
        graph: Is written to.
        layer: Whose kernel, stride, padding and groups count.
        hidden: The maps.
        shift: Bias in place of the layer's own.
    """
    bias = layer.bias if shift is None else shift
    terms = (hidden, layer.weight) if bias is None else (hidden, layer.weight, bias)
    padding = cast(tuple[int, int], layer.padding)
    return graph.add(
        "ConvTranspose" if isinstance(layer, nn.ConvTranspose2d) else "Conv",
        *terms,
        kernel_shape=list(layer.kernel_size),
        strides=list(layer.stride),
        pads=[*padding, *padding],
        group=layer.groups,
    )


def modulated(graph: Graph, norm: ConditionalBatchNorm, hidden: Value, code: Value) -> Value:
    """Maps [B, C, H, W], normalised, with a gain and a bias that follow from a code [B, D].

    The running statistics go into the layers that make gain and bias: two operations on maps.
    """
    scale, shift = statistics(norm.normalise)
    gain = affine(graph, norm.gain.weight * scale[:, None], norm.gain.bias * scale, code)
    bias = affine(
        graph,
        norm.bias.weight + norm.gain.weight * shift[:, None],
        norm.bias.bias + norm.gain.bias * shift,
        code,
    )
    gain, bias = (graph.add("Unsqueeze", vector, whole(2, 3)) for vector in (gain, bias))
    return graph.add("Add", graph.add("Mul", hidden, gain), bias)


def statistics(norm: nn.BatchNorm1d | nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Factor and summand [C] that a batch norm comes to in evaluation mode."""
    mean, variance = cast(Tensor, norm.running_mean), cast(Tensor, norm.running_var)
    scale = (variance.double() + norm.eps).rsqrt()
    shift = -mean.double() * scale
    if norm.affine:
        scale, shift = scale * norm.weight, shift * norm.weight + norm.bias
    return scale.float(), shift.float()


def joined_patches(graph: Graph, canvas: Canvas, patches: Value) -> Value:
    """Images [B, C, F, T] of patches [B, C p q, F', T'], as :meth:`Canvas.joined` makes them."""
    image, (rows, columns) = canvas.image, canvas.inside
    (down, across), channels = canvas.patch, canvas.image.channels
    if canvas.patch != (1, 1):
        if canvas.basis is not None:
            bands = graph.reshaped(patches, -1, channels, down * across, rows * columns)
            patches = graph.add("MatMul", canvas.basis.T.contiguous(), bands)
        apart = graph.reshaped(patches, -1, channels, down, across, rows, columns)
        tiles = graph.add("Transpose", apart, perm=[0, 1, 4, 2, 5, 3])
        patches = graph.reshaped(tiles, -1, channels, rows * down, columns * across)
    if (rows * down, columns * across) != (image.height, image.width):
        patches = graph.part(patches, 2, 0, image.height)
        patches = graph.part(patches, 3, 0, image.width)
    return patches
