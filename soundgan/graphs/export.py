"""A model as one ONNX file, with what a program that reads it has to know."""

from __future__ import annotations

import json
from collections.abc import Callable

from soundgan.config.dump import to_json
from soundgan.graphs.graph import OPSET, Graph
from soundgan.graphs.images import corrected, drawn
from soundgan.graphs.parity import audio_parity, image_parity
from soundgan.graphs.waveforms import waveforms
from soundgan.inference.model_file import LoadedModel
from soundgan.version import VERSION

LICENCE = (
    "The rights in this model follow from the recordings that it was trained on; ask whoever "
    "trained it. The program that wrote the file is SoundGAN, under the MIT licence."
)


def encode_graph(model: LoadedModel, part: str, *, title: str | None = None) -> bytes:
    """The content of an ONNX file; the same model gives the same bytes.

    Args:
        model: A loaded model.
        part: What the graph ends with, one of :data:`PARTS`.
        title: What to call it.

    Raises:
        UsageError: The model has something that has no ONNX form.
    """
    graph = Graph()
    PARTS[part](graph, model)
    return graph.model(_metadata(model, part, title))


def _image(graph: Graph, model: LoadedModel) -> None:
    """The image that a sound is made of: float [batch, C, F, T] in [-1, 1]."""
    name = model.description.config.generator.name
    image = corrected(graph, model.codec, drawn(graph, name, model.generator))
    graph.output("image", image, *model.codec.shape)


def _audio(graph: Graph, model: LoadedModel) -> None:
    """The sound itself: float [batch, N] in [-1, 1]."""
    name = model.description.config.generator.name
    image = corrected(graph, model.codec, drawn(graph, name, model.generator))
    graph.output("waveform", waveforms(graph, model.codec, image), model.codec.clip.n_samples)


PARTS: dict[str, Callable[[Graph, LoadedModel], None]] = {"audio": _audio, "image": _image}
"""What writes each kind of graph."""

PARITIES = {"audio": audio_parity, "image": image_parity}
"""What compares each kind with the model."""


def _metadata(model: LoadedModel, part: str, title: str | None) -> dict[str, str]:
    """Texts by key; what is not a word or a number is JSON."""
    about, generator = model.description, model.generator
    statistics = {name: tensor.tolist() for name, tensor in model.codec.statistics().items()}
    provenance = about.provenance | ({} if title is None else {"title": title})
    return {
        "format": "soundgan graph",
        "version": "1",
        "part": part,
        "opset": str(OPSET),
        "soundgan": VERSION,
        "model_sha256": model.sha256,
        "labels": json.dumps(about.labels),
        "free_label": json.dumps(about.free_label),
        "sample_rate": str(about.clip.sample_rate),
        "n_samples": str(about.clip.n_samples),
        "channels": str(about.clip.channels),
        "latent_dim": str(generator.latent_dim),
        "noise_dim": str(generator.noise_dim),
        "config": to_json(about.config),
        "statistics": json.dumps(statistics),
        "outline": "null" if about.outline is None else about.outline.model_dump_json(),
        "provenance": json.dumps(provenance, sort_keys=True),
        "licence": LICENCE,
    }
