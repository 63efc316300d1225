"""Whether a graph makes what the program makes of the same seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from soundgan.audio.metrics import spectral_convergence_db
from soundgan.audio.scale import to_levels
from soundgan.audio.stft import stft
from soundgan.codec.spectrogram import spectrograms_of
from soundgan.errors import UsageError
from soundgan.inference.latents import draw_labels, draw_latents
from soundgan.inference.model_file import LoadedModel
from soundgan.representations.levels import LevelRepresentation

SEEDS = 16

WORST_IMAGE_DB = -70.0
"""Error of an image, relative to the image, above which a graph is another model."""


WORST_BEHIND_DB = 0.5
"""By how much a graph's sounds may be farther from their images than the program's own."""


@dataclass(frozen=True)
class GraphParity:
    """What a comparison of some seeds found.

    Attributes:
        seeds: How many.
        figures: What was measured, in dB, by name.
        fault: Why the graph must not be given away; empty when it may.
    """

    seeds: int
    figures: dict[str, float]
    fault: str = ""


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
    """Compare images of a graph with those of the CPU: ``error_db``, of the worst.

    Args:
        model: Whose graph it is.
        run: Makes images of latents and labels.
    """
    latents, labels = seeds_of(model)
    wanted, got = own_images(model, latents, labels).double(), run(latents, labels).double()
    error, size = ((part.flatten(1).square().sum(1)) for part in (got - wanted, wanted))
    worst = (error / size.clamp(min=1e-30)).max()
    error_db = float(10 * torch.log10(worst.clamp(min=1e-20)))
    fault = ""
    if not error_db <= WORST_IMAGE_DB:  # also where it is not a number
        fault = f"the error of its images is {error_db:.0f} dB, above {WORST_IMAGE_DB:.0f} dB"
    return GraphParity(len(latents), {"error_db": error_db}, fault)


def audio_parity(model: LoadedModel, run: Run) -> GraphParity:
    """Compare how near a graph's sounds and the program's own come to the images they show.

    Phase may differ. ``distance_db`` is the log-spectral distance, the root of the mean square
    of differences of levels; ``convergence_db`` the error of magnitudes relative to them. Both are
    means over sounds that are not silent; the program's own begin with ``own_``.

    Args:
        model: Whose graph it is; one of mono spectrograms.
        run: Makes waveforms of latents and labels.
    """
    latents, labels = seeds_of(model)
    images = own_images(model, latents, labels)
    own = model.codec.decode(images, range(len(latents)))
    figures: dict[str, float] = {}
    for before, made in (("", run(latents, labels)), ("own_", own)):
        distance, convergence = _from_images(model, images, made)
        figures |= {f"{before}distance_db": distance, f"{before}convergence_db": convergence}
    for name in ("distance_db", "convergence_db"):
        behind = figures[name] - figures[f"own_{name}"]
        if not behind <= WORST_BEHIND_DB:
            what = name.removesuffix("_db")
            fault = f"its sounds are {behind:.1f} dB farther from their images ({what}) than the "
            fault += f"program's own, and {WORST_BEHIND_DB:g} dB is allowed"
            return GraphParity(len(latents), figures, fault)
    return GraphParity(len(latents), figures)


def _from_images(model: LoadedModel, images: Tensor, made: Tensor) -> tuple[float, float]:
    """Log-spectral distance and convergence of sounds, as loud as fits their images best."""
    shown = spectrograms_of(model.codec).representation
    if not isinstance(shown, LevelRepresentation):
        raise UsageError("this model does not show its sounds as levels")
    wanted = shown.shown_rows(images)
    got = shown.rows(stft(made, shown.stft, n_frames=shown.n_frames).abs())
    gain = (wanted * got).sum((1, 2)) / got.square().sum((1, 2)).clamp(min=1e-30)
    got = got * gain[:, None, None]
    full_scale, floor_db = shown.stft.full_scale, shown.options.floor_db
    levels = [to_levels(rows, full_scale=full_scale, floor_db=floor_db) for rows in (wanted, got)]
    heard = wanted.amax((1, 2)) > 0
    distance = (levels[0] - levels[1]).square().mean((1, 2)).sqrt()[heard]
    convergence = spectral_convergence_db(wanted, got)[heard]
    return float(distance.mean()), float(convergence.mean())
