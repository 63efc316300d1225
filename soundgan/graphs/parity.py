"""Whether a graph makes what the program makes of the same seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from soundgan.inference.latents import draw_labels, draw_latents
from soundgan.inference.model_file import LoadedModel

SEEDS = 16

WORST_IMAGE_DB = -70.0
"""Error of an image, relative to the image, above which a graph is another model."""


@dataclass(frozen=True)
class GraphParity:
    """What a comparison of some seeds found.

    Attributes:
        seeds: How many.
        error_db: Of the worst image: the size of the difference over that of the image.
    """

    seeds: int
    error_db: float

    @property
    def passed(self) -> bool:
        """Whether the graph may be given away."""
        return self.error_db <= WORST_IMAGE_DB  # not so where it is not a number


Run = Callable[[Tensor, Tensor | None], Tensor]


def seeds_of(model: LoadedModel, count: int = SEEDS) -> tuple[Tensor, Tensor | None]:
    """Latents and labels of the first seeds, as ``generate`` draws them."""
    latents = draw_latents(range(count), model.generator.latent_dim)
    n_classes = len(model.description.labels)
    return latents, draw_labels(range(count), n_classes) if n_classes else None


@torch.inference_mode()
def own_images(model: LoadedModel, latents: Tensor, labels: Tensor | None) -> Tensor:
    """Images [B, C, F, T] in [-1, 1] of the CPU, each made alone, as sounds are made of them."""
    rows = [slice(i, i + 1) for i in range(len(latents))]
    drawn = [model.generator(latents[r], None if labels is None else labels[r]) for r in rows]
    return model.codec.corrected(torch.cat(drawn)).clamp(-1.0, 1.0)


def image_parity(model: LoadedModel, run: Run) -> GraphParity:
    """Compare images of a graph with those of the CPU.

    Args:
        model: Whose graph it is.
        run: Makes images of latents and labels.
    """
    latents, labels = seeds_of(model)
    wanted, got = own_images(model, latents, labels).double(), run(latents, labels).double()
    error, size = ((part.flatten(1).square().sum(1)) for part in (got - wanted, wanted))
    worst = (error / size.clamp(min=1e-30)).max()
    return GraphParity(len(latents), float(10 * torch.log10(worst.clamp(min=1e-20))))
