"""A generator that computes in ONNX Runtime."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor, nn

from soundgan.graphs.graph import Graph
from soundgan.graphs.images import drawn
from soundgan.graphs.session import Session
from soundgan.inference.model_file import LoadedModel
from soundgan.models.contract import Generator


class GraphGenerator(Generator):
    """Draws what another generator draws, to within rounding; on the CPU, without gradients.

    Args:
        name: Of its architecture.
        generator: In evaluation mode.
        threads: That compute an image; 0 = one a core. Several images may be asked for at once.

    Raises:
        UsageError: There is no graph of this architecture.
    """

    def __init__(self, name: str, generator: Generator, *, threads: int) -> None:
        super().__init__(generator.shape, generator.n_classes)
        self.latent_dim = generator.latent_dim
        self.noise_dim = generator.noise_dim
        self.device = nn.Parameter(torch.zeros(()), requires_grad=False)  # by which it is placed
        graph = Graph()
        graph.output("image", drawn(graph, name, generator), *generator.shape)
        self._session = Session(graph.model({}), threads=threads)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """X [B, *shape] for latents [B, Z] and, when conditional, int64 labels [B]."""
        return self._session(z, labels)


def in_runtime(model: LoadedModel, *, threads: int = 1) -> LoadedModel:
    """The model, with images that ONNX Runtime draws.

    Raises:
        UsageError: There is no graph of its generator.
    """
    name = model.description.config.generator.name
    return replace(model, generator=GraphGenerator(name, model.generator, threads=threads))
