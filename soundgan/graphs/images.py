"""From latents to images: a generator, and the curve that corrects its levels."""

from __future__ import annotations

from soundgan.codec.contract import Codec
from soundgan.codec.level_curve import LevelCurve
from soundgan.errors import UsageError
from soundgan.graphs import GRAPHS
from soundgan.graphs.graph import Graph, Value
from soundgan.models.contract import Generator

LATENT, CLASS = "latent", "class"
"""Names of the inputs: float [batch, Z], and int64 [batch] where a model knows classes."""


def drawn(graph: Graph, name: str, generator: Generator) -> Value:
    """What a generator draws [B, *shape] from the graph's inputs.

    Args:
        graph: Gets the inputs, too.
        name: Of the architecture.
        generator: In evaluation mode.

    Raises:
        UsageError: There is no graph of this architecture.
    """
    if name not in GRAPHS.names():
        raise UsageError(
            f"`generator={name}`: has no ONNX form; those that have are {', '.join(GRAPHS.names())}"
        )
    z = graph.input(LATENT, "float", generator.latent_dim)
    labels = None if generator.n_classes is None else graph.input(CLASS, "int64")
    image: Value = GRAPHS.load(name)(graph, generator, z, labels)
    return image


def corrected(graph: Graph, codec: Codec, image: Value) -> Value:
    """Images in [-1, 1] as :meth:`Codec.corrected` leaves them and the way back reads them."""
    image = graph.add("Clip", image, -1.0, 1.0)
    if codec.levels is None:
        return image
    if codec.clip.channels == 1:
        return curved(graph, codec.levels, image)
    mid = curved(graph, codec.levels, graph.part(image, 1, 0, 1))
    return graph.add("Concat", mid, graph.part(image, 1, 1, codec.shape[0]), axis=1)


def curved(graph: Graph, curve: LevelCurve, image: Value) -> Value:
    """Images [B, C, F, T] in [-1, 1] with their levels moved, as the curve moves them."""
    top = curve.correction.shape[2] - 1
    level = graph.add("Mul", graph.add("Add", image, 1.0), top / 2)
    below = graph.add("Clip", graph.add("Floor", level), 0.0, float(top - 1))
    share = graph.add("Sub", level, below)
    place = graph.add("Cast", below, to=7)  # int64

    def between(row: Value) -> Value:
        low = graph.add("Gather", curve.table, row)
        high = graph.add("Gather", curve.table[1:], row)
        return graph.add("Add", low, graph.add("Mul", graph.add("Sub", high, low), share))

    before = between(graph.add("Add", place, curve.before))
    if len(curve.correction) == 1:
        moved = before
    else:
        after = between(graph.add("Add", place, curve.after))
        way = graph.add("Mul", graph.add("Sub", after, before), curve.share)
        moved = graph.add("Add", before, way)
    return graph.add("Clip", graph.add("Add", image, moved), -1.0, 1.0)
