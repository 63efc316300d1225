"""A model at work: latents to images to waveforms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import torch
from torch import Tensor

from soundgan.inference.latents import draw_labels, draw_latents
from soundgan.inference.model_file import Model


@dataclass(frozen=True)
class Sound:
    """One generated sound.

    Attributes:
        seed: Its seed.
        label: Index of its class, or ``None`` when the model is unconditional.
        image: [C, F, T] in [-1, 1].
        waveform: [N] in [-1, 1].
    """

    seed: int
    label: int | None
    image: Tensor
    waveform: Tensor


def synthesise(
    model: Model,
    seeds: Sequence[int],
    *,
    label: int | None = None,
    truncation: float = 1.0,
    device: torch.device | None = None,
    batch_size: int = 16,
    jobs: int = 2,
) -> Iterator[Sound]:
    """Make one sound per seed, in order, in bounded memory.

    On the CPU every sound is computed alone by one thread, with ``jobs`` sounds at a time: its
    bytes then cannot depend on the batch, the order or the number of threads. On other devices
    ``batch_size`` images are generated together, and equal the CPU's within rounding.

    Args:
        model: A loaded model.
        seeds: One per sound.
        label: Class of all sounds; ``None`` draws each sound's class from its seed.
        truncation: Factor on the latent; below 1 gives more typical, less varied sounds.
        device: Where the generator runs; inversion always runs on the CPU.
        batch_size: Sounds that are in memory at a time.
        jobs: Sounds computed at the same time.
    """
    device = device or torch.device("cpu")
    model.generator.to(device)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(jobs, initializer=_single_threaded) as pool:
            for start in range(0, len(seeds), batch_size):
                chunk = list(seeds[start : start + batch_size])
                latents, labels = _draw(model, chunk, label, truncation)
                if device.type == "cpu":
                    images = list(
                        pool.map(lambda i: _image(model, latents, labels, i), range(len(chunk)))
                    )
                else:
                    images = _images_on_device(model, latents, labels, device)
                waveforms = pool.map(
                    lambda pair: _waveform(model, *pair), zip(images, chunk, strict=True)
                )
                for index, waveform in enumerate(waveforms):
                    named = None if labels is None else int(labels[index])
                    yield Sound(chunk[index], named, images[index], waveform)
    finally:
        torch.set_num_threads(threads)


def _single_threaded() -> None:
    # The number of threads belongs to the calling thread, so each worker has to say it.
    torch.set_num_threads(1)


def _draw(
    model: Model, seeds: Sequence[int], label: int | None, truncation: float
) -> tuple[Tensor, Tensor | None]:
    latents = draw_latents(seeds, model.generator.latent_dim, truncation=truncation)
    n_classes = model.generator.n_classes
    if n_classes is None:
        return latents, None
    if label is None:
        return latents, draw_labels(seeds, n_classes)
    return latents, torch.full((len(seeds),), label)


@torch.inference_mode()
def _image(model: Model, latents: Tensor, labels: Tensor | None, index: int) -> Tensor:
    row = slice(index, index + 1)
    return model.generator(latents[row], None if labels is None else labels[row])[0]


@torch.inference_mode()
def _images_on_device(
    model: Model, latents: Tensor, labels: Tensor | None, device: torch.device
) -> list[Tensor]:
    images = model.generator(latents.to(device), None if labels is None else labels.to(device))
    return list(images.cpu().unbind())


@torch.inference_mode()
def _waveform(model: Model, image: Tensor, seed: int) -> Tensor:
    magnitude = model.representation.decode(image[None].clamp(-1.0, 1.0))
    n_samples = model.description.clip.n_samples
    waveform = model.inversion(
        magnitude, model.representation.stft, n_samples=n_samples, seeds=[seed]
    )[0]
    return waveform / waveform.abs().max().clamp(min=1.0)
