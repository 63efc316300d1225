"""The sound of a model that comes nearest to a recording: a bank of its sounds, then gradients.

Nothing is trained. The best of a few hundred sounds are led on by Adam steps on their codes alone,
each kept from growing longer than codes are. An encoder, and steps on the grain too, were worse.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from soundgan.inference.code_file import CodeNumbers
from soundgan.inference.latents import draw_latents
from soundgan.inference.model_file import LoadedModel
from soundgan.runtime.threads import map_in_threads, one_thread

BANK_SIZE = 600
BANK_SEED = 1 << 62
"""Of the first sound of a bank; the others follow. Nobody counts that far."""

STARTS = 4
STEPS = 100
RATE = 0.2
"""Of the first step; it falls to nothing along half a cosine."""

LONGEST = 1.3
"""Codes are at most so many times as long as those that seeds draw."""

RANGE_DB = 40.0
"""Decibels that a step of 1 in an image stands for: 2 are about 80."""

_POOLINGS = 3


@dataclass(frozen=True, eq=False)
class Bank:
    """Sounds of a model to start from.

    Attributes:
        labels: Class of each by its number, int64 [N]; zeros where there are none.
        pooled: Their images at half the size, float16 [N, C, F / 2, T / 2].
    """

    labels: Tensor
    pooled: Tensor


@dataclass(frozen=True, eq=False)
class Projection:
    """What came nearest to a recording.

    Attributes:
        numbers: Its code.
        label: Its class by its number; 0 where there are none.
        distance_db: Root mean square between the images of sound and recording, dB.
        bank_db: The same of the nearest sound in the bank.
    """

    numbers: CodeNumbers
    label: int
    distance_db: float
    bank_db: float


def make_bank(model: LoadedModel, size: int = BANK_SIZE) -> Bank:
    """Draw a bank; its classes take turns. 3 ms a sound, on all cores."""
    n_classes = max(1, len(model.description.labels))
    labels = torch.arange(size) % n_classes

    def draw(start: int) -> Tensor:
        numbers = range(start, min(start + 50, size))
        made = [_image(model, _bank_latents(model, [n]), labels[n : n + 1]) for n in numbers]
        return avg_pool2d(torch.cat(made), 2).half()

    return Bank(labels, torch.cat(map_in_threads(draw, range(0, size, 50))))


def project(model: LoadedModel, bank: Bank, target: Tensor, label: int | None = None) -> Projection:
    """The sound of ``model`` whose image comes nearest to ``target``.

    The result follows from model, bank and target alone: it is computed in one thread.

    Args:
        model: A loaded model.
        bank: Of this model.
        target: Image [C, F, T] of a recording, as the codec encodes it.
        label: Class to look in; ``None`` looks in all.
    """
    with one_thread():
        return _project(model, bank, target[None], label)


def _project(model: LoadedModel, bank: Bank, target: Tensor, label: int | None) -> Projection:
    rows = torch.arange(len(bank.labels))
    if label is not None:
        rows = rows[bank.labels == label]
    distances = _distance(bank.pooled[rows].float(), avg_pool2d(target, 2), _POOLINGS - 1)
    starts = rows[distances.argsort(stable=True)[:STARTS]]
    labels = bank.labels[starts]
    latents = _bank_latents(model, starts.tolist())
    code_dim = model.generator.latent_dim - model.generator.noise_dim
    grain = latents[:, code_dim:]
    first = latents[:, :code_dim]
    code, losses = _led_on(model, first, grain, labels, target)
    best = int(losses.argmin())
    found = torch.cat([code[best : best + 1], grain[best : best + 1]], dim=1)
    bank_db = min(
        _decibels(model, latents[i : i + 1], labels[i : i + 1], target) for i in range(len(starts))
    )
    numbers = CodeNumbers(model.sha256, tuple(code[best].tolist()), BANK_SEED + int(starts[best]))
    chosen = labels[best : best + 1]
    return Projection(numbers, int(chosen), _decibels(model, found, chosen, target), bank_db)


def _led_on(
    model: LoadedModel, first: Tensor, grain: Tensor, labels: Tensor, target: Tensor
) -> tuple[Tensor, Tensor]:
    """The best codes [B, C] seen on the way from ``first``, and their distances [B]."""
    code = first.clone().requires_grad_(True)
    best, best_losses = first.clone(), torch.full((len(first),), math.inf)
    adam = torch.optim.Adam([code], lr=RATE, betas=(0.9, 0.95))
    longest = LONGEST * math.sqrt(first.shape[1])
    for step in range(STEPS + 1):
        latent = torch.cat([code, grain], dim=1)
        images = model.generator(latent, _labels(model, labels))
        losses = _distance(images, target, _POOLINGS)
        with torch.no_grad():
            better = losses < best_losses
            best_losses = torch.where(better, losses, best_losses)
            best[better] = code[better]
        if step == STEPS:
            break
        adam.param_groups[0]["lr"] = RATE * (0.5 + 0.5 * math.cos(math.pi * step / STEPS))
        adam.zero_grad()
        losses.sum().backward()  # type: ignore[no-untyped-call]
        adam.step()
        with torch.no_grad():
            lengths = code.square().sum(dim=1, keepdim=True).sqrt()
            code.mul_((longest / lengths).clamp(max=1.0))
    return best, best_losses


def _distance(images: Tensor, target: Tensor, poolings: int) -> Tensor:
    """Mean absolute difference [B], of the images and of ever smaller ones, added up."""
    total = (images - target).abs().flatten(1).mean(dim=1)
    for _ in range(poolings):
        if min(images.shape[2:]) < 2:
            break
        images, target = avg_pool2d(images, 2), avg_pool2d(target, 2)
        total = total + (images - target).abs().flatten(1).mean(dim=1)
    return total


def image_distance_db(images: Tensor, target: Tensor) -> Tensor:
    """Root mean square [B] between images [B, C, F, T] and another, dB."""
    return (images - target).square().flatten(1).mean(dim=1).sqrt() * RANGE_DB


def _decibels(model: LoadedModel, latent: Tensor, label: Tensor, target: Tensor) -> float:
    return float(image_distance_db(_image(model, latent, label), target))


@torch.inference_mode()
def _image(model: LoadedModel, latent: Tensor, label: Tensor) -> Tensor:
    image: Tensor = model.generator(latent, _labels(model, label))
    return image


def _labels(model: LoadedModel, labels: Tensor) -> Tensor | None:
    return labels if model.description.labels else None


def _bank_latents(model: LoadedModel, numbers: list[int]) -> Tensor:
    return draw_latents([BANK_SEED + n for n in numbers], model.generator.latent_dim)
