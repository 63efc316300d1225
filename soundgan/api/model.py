"""A trained model in the hands of a Python program.

>>> import soundgan
>>> model = soundgan.load("drums")
>>> model.labels
('clap', 'hat', 'kick', 'snare', 'tom')
>>> one = model.generate(7, label="snare")[0]  # always the same snare
>>> one.waveform.shape, one.waveform.dtype, one.sample_rate
((14336,), dtype('float32'), 22050)
>>> x = model.encode(one.waveform)  # what the networks see
>>> x.shape, model.decode(x).shape
((1, 128, 64), (14336,))
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

import numpy as np
import torch
from numpy.typing import NDArray

from soundgan.addresses.address import MAX_SEED
from soundgan.api.arguments import as_samples, checked
from soundgan.errors import UsageError
from soundgan.inference import model_file
from soundgan.inference.placement import device_for
from soundgan.inference.points import point_of
from soundgan.inference.synthesis import GeneratedSound, synthesise, synthesise_points
from soundgan.pipelines.find_model import RUNS, find_model
from soundgan.pipelines.generate import find_labels
from soundgan.pipelines.sources import named, sources_of
from soundgan.ranges import GENERATE, demand
from soundgan.reporting import SilentReporter


@dataclass(frozen=True, eq=False)
class Sound:
    """One sound.

    Attributes:
        waveform: Float32 in [-1, 1], [N], or left and right [N, 2] of a stereo model: the shapes
            that soundfile uses.
        sample_rate: Hz.
        seed: What it was made from.
        label: Its class, or ``None``.
    """

    waveform: NDArray[np.float32]
    sample_rate: int
    seed: int
    label: str | None


@dataclass(frozen=True, eq=False)
class Sounds(Sequence[Sound]):
    """Sounds of one model, in the order of their seeds; indexing gives one :class:`Sound`.

    Attributes:
        waveforms: Float32 in [-1, 1], [B, N], or [B, N, 2] of a stereo model.
        sample_rate: Hz.
        seeds: One a sound.
        labels: Their classes; ``None`` for a sound of no class.
    """

    waveforms: NDArray[np.float32]
    sample_rate: int
    seeds: tuple[int, ...]
    labels: tuple[str | None, ...]

    def __len__(self) -> int:
        return len(self.seeds)

    @overload
    def __getitem__(self, index: int) -> Sound: ...
    @overload
    def __getitem__(self, index: slice) -> Sounds: ...

    def __getitem__(self, index: int | slice) -> Sound | Sounds:
        """The sound at ``index``, or the sounds of a slice."""
        if isinstance(index, slice):
            part = self.waveforms[index], self.sample_rate, self.seeds[index], self.labels[index]
            return Sounds(*part)
        return Sound(self.waveforms[index], self.sample_rate, self.seeds[index], self.labels[index])


class Model:
    """A trained model; made by :func:`load`.

    No method changes it, and all may be called from several threads at once.

    Attributes:
        path: Its file.
        sha256: Of that file.
        labels: Its classes; empty where it was trained without.
        sample_rate: Of its sounds, Hz.
        n_samples: Length N of each.
        channels: 1, or 2 for stereo.
        provenance: What its file says about its making.
    """

    def __init__(self, path: Path) -> None:
        self._model = model_file.load_model(path)
        description = self._model.description
        self.path, self.sha256 = path, self._model.sha256
        self.labels = description.labels
        self.sample_rate = description.clip.sample_rate
        self.n_samples = description.clip.n_samples
        self.channels = description.clip.channels
        self._shape = (self.n_samples,) if self.channels == 1 else (self.n_samples, self.channels)
        self.provenance = dict(description.provenance)

    def __repr__(self) -> str:
        classes = f", classes {', '.join(self.labels)}" if self.labels else ""
        seconds = self.n_samples / self.sample_rate
        return f"<soundgan model {self.path}: {seconds:.2f} s at {self.sample_rate} Hz{classes}>"

    @checked
    def generate(
        self,
        seeds: int | Iterable[int] = 0,
        *,
        label: str | Sequence[str] | None = None,
        no_label: bool = False,
        truncation: float = 1.0,
        device: str = "cpu",
    ) -> Sounds:
        """New sounds, one a seed. The sound of a seed is the one ``soundgan generate`` writes.

        Args:
            seeds: From 0 to 2⁶³ − 1; one number for one sound.
            label: Class of all, or one a seed. ``None`` draws each from its seed.
            no_label: Sounds of no class; for models trained with label dropout.
            truncation: Factor on the latents, 0 to 2; below 1 gives more typical, less varied
                sounds.
            device: ``cpu``, ``cuda``, ``cuda:1``, ``mps`` or ``auto``. Elsewhere than on the CPU
                sounds are the same within rounding.

        Raises:
            UsageError: No such class, seed, truncation or device.
        """
        made = list(
            self.stream(seeds, label=label, no_label=no_label, truncation=truncation, device=device)
        )
        return self._together(made)

    @checked
    def at(self, addresses: str | Path | Sequence[str | Path]) -> Sounds:
        """The sounds of these addresses, made on the CPU.

        Args:
            addresses: Such as ``42:kick~take2``, or files made by this model; one or several.

        Raises:
            UsageError: No address, or the model has no such class, take or code.
        """
        given = [addresses] if isinstance(addresses, str | Path) else addresses
        found = sources_of(list(map(named, given)), self.path, self._model)
        points = [point_of(self._model, address, found.codes) for address in found.addresses]
        made = synthesise_points(self._model, points, jobs=os.cpu_count() or 1)
        return self._together([self._named(sound) for sound in made])

    def _together(self, made: Sequence[Sound]) -> Sounds:
        waveforms = np.zeros((len(made), *self._shape), np.float32)
        for row, sound in zip(waveforms, made, strict=True):
            row[:] = sound.waveform
        return Sounds(
            waveforms,
            self.sample_rate,
            tuple(sound.seed for sound in made),
            tuple(sound.label for sound in made),
        )

    def _named(self, sound: GeneratedSound) -> Sound:
        name = None if sound.label is None else self.labels[sound.label]
        return Sound(sound.samples, self.sample_rate, sound.seed, name)

    @checked
    def stream(
        self,
        seeds: int | Iterable[int] = 0,
        *,
        label: str | Sequence[str] | None = None,
        no_label: bool = False,
        truncation: float = 1.0,
        device: str = "cpu",
    ) -> Iterator[Sound]:
        """As :meth:`generate`, one sound after the other, for more of them than memory holds."""
        wanted = [seeds] if isinstance(seeds, int) else list(seeds)
        for seed in wanted:
            if not 0 <= seed <= MAX_SEED:
                raise UsageError(f"`seeds`: {seed} is not from 0 to {MAX_SEED}")
        demand(GENERATE, {"truncation": truncation})
        labels = find_labels(self._model.description, label, no_label=no_label, count=len(wanted))
        where = device_for(self._model, device, SilentReporter())
        return self._stream(wanted, labels, truncation, where)

    def _stream(
        self,
        seeds: Sequence[int],
        labels: Sequence[int] | None,
        truncation: float,
        device: torch.device,
    ) -> Iterator[Sound]:
        for sound in synthesise(
            self._model,
            seeds,
            labels=labels,
            truncation=truncation,
            device=device,
            jobs=os.cpu_count() or 1,
        ):
            yield self._named(sound)

    @checked
    def encode(self, waveforms: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the networks see: float32 [C, F, T] in [-1, 1], or [B, C, F, T] of several.

        Args:
            waveforms: [N] or [B, N], of a stereo model [N, 2] or [B, N, 2]; of the model's rate
                and length.

        Raises:
            UsageError: Of another length or other channels, or not finite.
        """
        given = as_samples("waveforms", waveforms)
        alone = given.ndim == len(self._shape)
        if (given[None] if alone else given).shape[1:] != self._shape:
            one = ", ".join(map(str, self._shape))
            raise UsageError(
                f"`waveforms`: shape {list(given.shape)}, must be [{one}] or [B, {one}]; "
                + ("cut or pad them" if self.channels == 1 else "the model is stereo")
            )
        batch = given.reshape(-1, *self._shape).swapaxes(1, -1)
        if not given.size:
            return np.zeros((0, *self._model.codec.shape), np.float32)
        made = self._model.codec.encode(torch.from_numpy(batch.copy(order="C"))).numpy()
        return made[0] if alone else made

    @checked
    def decode(
        self, x: NDArray[np.float32], *, seeds: int | Sequence[int] = 0
    ) -> NDArray[np.float32]:
        """Waveforms, float32, in the shapes that :meth:`encode` takes, of what it returns.

        They get the peak of the recordings that the model was trained on.

        Args:
            x: [C, F, T] or [B, C, F, T], in [-1, 1].
            seeds: Of what is random about finding phases; one a waveform, or the first of them.

        Raises:
            UsageError: Of another shape, or not finite; no such seed.
        """
        given = as_samples("x", x)
        shape = self._model.codec.shape
        if given.shape[-3:] != shape or given.ndim not in (3, 4):
            raise UsageError(
                f"`x`: shape {list(given.shape)}, must be {list(shape)} or [B, ...] of that"
            )
        batch = torch.from_numpy(given.reshape(-1, *shape).copy())
        numbers = range(seeds, seeds + len(batch)) if isinstance(seeds, int) else list(seeds)
        for seed in numbers:
            if not 0 <= seed <= MAX_SEED:
                raise UsageError(f"`seeds`: {seed} is not from 0 to {MAX_SEED}")
        if len(numbers) != len(batch):
            raise UsageError(f"`seeds`: {len(numbers)} for {len(batch)} waveforms")
        made = self._model.codec.decode(batch, numbers).numpy()
        made = np.ascontiguousarray(made.swapaxes(1, -1))
        return made[0] if given.ndim == 3 else made


@checked
def load(model: str | Path | None = None) -> Model:
    """Open a model.

    Args:
        model: A run folder, a model file, or the name of a bundled model such as ``drums``;
            ``None``: that of the newest run in ``runs/``, else the bundled one.

    Raises:
        UsageError: There is no such model.
        ArtefactError: It is damaged, or of a newer version.
    """
    named = None if model is None else Path(model)
    return Model(find_model(named, RUNS, fall_back=True))
