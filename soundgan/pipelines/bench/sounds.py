"""What a sound costs on a device: loaded, generated, inverted and written."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from soundgan.audio.wav import encode_audio
from soundgan.inference.latents import draw_labels, draw_latents
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.inference.synthesis import synthesise
from soundgan.pipelines.bench.effort import Effort
from soundgan.runtime.files import write_bytes
from soundgan.runtime.threads import one_thread
from soundgan.runtime.timing import Timing, measure

SEED = 0
WARM_UP = 1


@dataclass(frozen=True)
class Stages:
    """The stages of one sound, each in one thread, as ``generate`` goes through them.

    Attributes:
        generator: Latent to image, on the device.
        inversion: Image to waveform, on the CPU.
        writing: Waveform to a WAV on disk.
    """

    generator: Timing
    inversion: Timing
    writing: Timing

    def share(self, stage: Timing) -> float:
        """Part of the time that goes into ``stage``."""
        stages = (self.generator, self.inversion, self.writing)
        return stage.median_s / sum(timing.median_s for timing in stages)


@dataclass(frozen=True)
class BatchSpeed:
    """One batch size.

    Attributes:
        size: Sounds in memory at a time.
        generator: Time of as many images, by the generator alone with all threads.
        sounds: Time of ``n_sounds`` from latents to WAVs on disk.
        n_sounds: As many sounds, or more.
    """

    size: int
    generator: Timing
    sounds: Timing
    n_sounds: int

    @property
    def sounds_per_second(self) -> float:
        """From latents to WAVs on disk."""
        return self.n_sounds / self.sounds.median_s


@dataclass(frozen=True)
class Bench:
    """Where and how everything is measured.

    Attributes:
        model: Loaded, its generator computing in the precision that is measured.
        device: Where the generator runs.
        effort: Limits on the repeats.
        folder: For the files that are written.
    """

    model: LoadedModel
    device: torch.device
    effort: Effort
    folder: Path

    def time(self, work: Callable[[], object], *, warm_up: int = WARM_UP) -> Timing:
        """Median and spread of ``work``."""
        return measure(
            work,
            device=self.device,
            warm_up=warm_up,
            repeats=self.effort.repeats,
            at_most_s=self.effort.at_most_s,
        )


def measure_load(bench: Bench, path: Path) -> Timing:
    """From the model file, which was read before, to a generator on the device."""
    return bench.time(lambda: load_model(path).generator.to(bench.device), warm_up=0)


def measure_latency(bench: Bench) -> Timing:
    """One sound, from its seed to a WAV on disk."""
    write = _writer(bench)

    def one() -> None:
        for sound in synthesise(bench.model, [SEED], device=bench.device, batch_size=1, jobs=1):
            write(sound.waveform)

    return bench.time(one)


def measure_stages(bench: Bench) -> Stages:
    """Where the time of one sound goes."""
    write = _writer(bench)
    with one_thread(), torch.inference_mode():
        image = generate_images(bench, 1).cpu()
        codec = bench.model.codec
        waveform = codec.decode(image, [SEED])[0]
        return Stages(
            generator=bench.time(lambda: generate_images(bench, 1)),
            inversion=bench.time(lambda: codec.decode(image, [SEED])),
            writing=bench.time(lambda: write(waveform)),
        )


def measure_batch(bench: Bench, size: int, n_sounds: int) -> BatchSpeed:
    """The generator alone, and ``n_sounds`` up to their files, ``size`` at a time."""
    write = _writer(bench)

    def many() -> None:
        for sound in synthesise(
            bench.model,
            range(n_sounds),
            device=bench.device,
            batch_size=size,
            jobs=os.cpu_count() or 1,
        ):
            write(sound.waveform)

    inputs = _inputs(bench, size)
    with torch.inference_mode():
        generator = bench.time(lambda: bench.model.generator(*inputs))
    return BatchSpeed(size, generator, bench.time(many), n_sounds)


def generate_images(bench: Bench, n: int) -> Tensor:
    """Images [n, C, F, T] on the device."""
    images: Tensor = bench.model.generator(*_inputs(bench, n))
    return images


def _inputs(bench: Bench, n: int) -> tuple[Tensor, Tensor | None]:
    """Latents and labels of n sounds, on the device, as ``generate`` draws them."""
    latents = draw_latents(range(n), bench.model.generator.latent_dim).to(bench.device)
    n_classes = len(bench.model.description.labels)
    labels = draw_labels(range(n), n_classes).to(bench.device) if n_classes else None
    return latents, labels


def _writer(bench: Bench) -> Callable[[Tensor], None]:
    """Writes each waveform to a new file, as durably as ``generate`` does."""
    numbers = itertools.count()
    sample_rate = bench.model.description.clip.sample_rate

    def write(waveform: Tensor) -> None:
        path = bench.folder / f"seed{next(numbers):06d}.wav"
        write_bytes(path, encode_audio(waveform.numpy().T, sample_rate))

    return write
