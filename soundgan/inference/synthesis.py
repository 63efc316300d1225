"""A model at work: latents to images to waveforms."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.inference.latents import draw_labels, draw_latents
from soundgan.inference.model_file import LoadedModel
from soundgan.inference.points import Point
from soundgan.models.layout import placed
from soundgan.runtime.memory import is_out_of_memory
from soundgan.runtime.threads import single_threaded_pool

MOST_AT_ONCE = 16
"""Sounds of one inversion: between short operations threads wait for each other's Python."""


@dataclass(frozen=True)
class GeneratedSound:
    """One generated sound.

    Attributes:
        seed: Its seed.
        label: Index of its class, or ``None`` when it was made without one.
        image: What was turned into it, [C, F, T] in [-1, 1].
        waveform: [N] in [-1, 1], or left and right [2, N].
    """

    seed: int
    label: int | None
    image: Tensor
    waveform: Tensor

    @property
    def samples(self) -> NDArray[np.float32]:
        """The waveform as sound files have it: [N], or left and right of every moment [N, 2]."""
        return np.ascontiguousarray(self.waveform.numpy().T)


def synthesise(
    model: LoadedModel,
    seeds: Sequence[int],
    *,
    labels: Sequence[int] | None = None,
    truncation: float = 1.0,
    device: torch.device | None = None,
    batch_size: int = 48,
    jobs: int = 2,
) -> Generator[GeneratedSound, None, None]:
    """Make one sound per seed, in order, in bounded memory.

    On the CPU every image is generated alone, by one thread, and inversion treats the sounds of a
    call apart: bytes cannot depend on the batch, the order or the number of threads. On other
    devices ``batch_size`` images are generated together, and equal the CPU's within rounding.
    Neither the model nor what torch is set to changes, also while sounds are still to come: any
    number of threads may make sounds from one model at once.

    Args:
        model: A loaded model.
        seeds: One per sound.
        labels: One class per sound, or the model's ``free_label`` for none; ``None`` draws each
            sound's class from its seed.
        truncation: Factor on the latent; below 1 gives more typical, less varied sounds.
        device: Where the generator runs; inversion always runs on the CPU.
        batch_size: Sounds that are in memory at a time.
        jobs: Threads that compute sounds, each a few at a time.
    """

    def draw(part: slice) -> _Chunk:
        return _draw(model, seeds[part], labels and labels[part], truncation)

    yield from _through(model, len(seeds), draw, device or torch.device("cpu"), batch_size, jobs)


def synthesise_points(
    model: LoadedModel, points: Sequence[Point], *, batch_size: int = 48, jobs: int = 2
) -> Generator[GeneratedSound, None, None]:
    """Make one sound per point, in order, on the CPU; see :func:`synthesise`.

    Args:
        model: A loaded model.
        points: One per sound. That of a seed gives the sound of the seed, byte for byte.
        batch_size: Sounds that are in memory at a time.
        jobs: Threads that compute sounds, each a few at a time.
    """

    def draw(part: slice) -> _Chunk:
        some = points[part]
        latents = torch.stack([point.latent for point in some])
        labels = [_label(point, model.generator.n_classes) for point in some]
        known = tuple(label for label in labels if label is not None)
        return _Chunk([point.seed for point in some], latents, known or None)

    yield from _through(model, len(points), draw, torch.device("cpu"), batch_size, jobs)


def _label(point: Point, n_classes: int | None) -> Tensor | None:
    """What the generator takes for a point's classes: int64 [1], or shares [1, classes]."""
    if n_classes is None:
        return None
    if point.label is not None:
        return torch.tensor([point.label])
    shares = torch.zeros(1, n_classes)
    for number, share in (point.shares or {}).items():
        shares[0, number] = share
    return shares


def _through(
    model: LoadedModel,
    n: int,
    draw: Callable[[slice], _Chunk],
    device: torch.device,
    batch_size: int,
    jobs: int,
) -> Generator[GeneratedSound, None, None]:
    """The sounds of ``n`` things that ``draw`` draws, some at a time."""
    model = replace(model, generator=placed(model.generator, device))
    size = max(1, min(MOST_AT_ONCE, batch_size // (jobs + 1)))
    most_ahead = min(jobs, batch_size // size - 1)
    pool = single_threaded_pool(max(1, min(jobs, n)))
    try:
        ahead: deque[Future[list[GeneratedSound]]] = deque()
        for start in range(0, n, batch_size):
            chunk = draw(slice(start, start + batch_size))
            images = None if device.type == "cpu" else _images(model, chunk, device)
            for rows in _rows(len(chunk.seeds), size, jobs):
                # Whoever takes the sounds may have to wait for a disk: the next are begun before.
                ahead.append(pool.submit(_sounds, model, chunk, images, rows))
                if len(ahead) > most_ahead:
                    yield from ahead.popleft().result()
        for sounds in ahead:
            yield from sounds.result()
    finally:
        # Who is interrupted says so at once; what is being computed ends by itself.
        pool.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True)
class _Chunk:
    """What the sounds of one batch are made from."""

    seeds: Sequence[int]
    latents: Tensor
    labels: Tensor | tuple[Tensor, ...] | None
    """Of all sounds together, or of each alone, where they are of different kinds."""

    def rows(self, part: slice, device: torch.device) -> tuple[Tensor, Tensor | None]:
        """Latents and labels of some sounds."""
        some = None if self.labels is None else self.labels[part]
        labels = torch.cat(some) if isinstance(some, tuple) else some
        return self.latents[part].to(device), None if labels is None else labels.to(device)

    def numbers(self, part: slice) -> list[int | None]:
        """The class of each sound, ``None`` where it has none or several."""
        some = None if self.labels is None else self.labels[part]
        if some is None:
            return [None] * len(self.seeds[part])
        return [None if label.is_floating_point() else int(label) for label in some]


def _draw(
    model: LoadedModel, seeds: Sequence[int], labels: Sequence[int] | None, truncation: float
) -> _Chunk:
    latents = draw_latents(seeds, model.generator.latent_dim, truncation=truncation)
    n_classes = len(model.description.labels)
    if n_classes == 0:
        return _Chunk(seeds, latents, None)
    if labels is None:
        return _Chunk(seeds, latents, draw_labels(seeds, n_classes))
    return _Chunk(seeds, latents, torch.tensor(list(labels)))


@torch.inference_mode()
def _images(model: LoadedModel, chunk: _Chunk, device: torch.device) -> Tensor:
    """All images of the batch, in smaller parts if the device has no memory for it."""
    n = len(chunk.seeds)
    size = n
    while True:
        try:
            parts = [
                model.generator(*chunk.rows(slice(start, start + size), device)).cpu()
                for start in range(0, n, size)
            ]
        except RuntimeError as error:
            if size == 1 or not is_out_of_memory(error):
                raise
            size = math.ceil(size / 2)
        else:
            return torch.cat(parts)


def _rows(n: int, size: int, jobs: int) -> list[slice]:
    """``n`` sounds in parts that differ by one at most, none larger than ``size``.

    As many for every job, so that none of them is idle while another ends a batch, the last one.
    """
    n_parts = min(n, math.ceil(n / size / jobs) * jobs)
    ends = [n * part // n_parts for part in range(n_parts + 1)]
    return [slice(*pair) for pair in pairwise(ends)]


@torch.inference_mode()
def _sounds(
    model: LoadedModel, chunk: _Chunk, images: Tensor | None, rows: slice
) -> list[GeneratedSound]:
    """Some sounds; their images are generated here, one by one, unless ``images`` holds them."""
    if images is None:
        each = (slice(row, row + 1) for row in range(rows.start, rows.stop))
        cpu = torch.device("cpu")
        made = torch.cat([model.generator(*chunk.rows(row, cpu)) for row in each])
    else:
        made = images[rows]
    made = model.codec.corrected(made)
    waveforms = model.codec.decode(made, chunk.seeds[rows])
    labels = chunk.numbers(rows)
    free = model.description.free_label
    return [
        GeneratedSound(
            seed,
            None if label == free else label,
            image,
            waveform,
        )
        for seed, label, image, waveform in zip(
            chunk.seeds[rows], labels, made, waveforms, strict=True
        )
    ]
