"""``soundgan project``: the sound of a model that is nearest to a recording, and how near."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soundgan.addresses.address import Address, Share
from soundgan.audio.decode import AudioFile
from soundgan.audio.level import FULL_SCALE
from soundgan.codec.spectrogram import spectrograms_of
from soundgan.data.dataset import PreparedDataset
from soundgan.errors import AudioError, ExitCode, SoundGANError, UsageError
from soundgan.inference.code_file import write_code
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.inference.points import point_of
from soundgan.inference.projection import Bank, Projection, image_distance_db, project
from soundgan.inference.synthesis import synthesise_points
from soundgan.ingest.clip_recipe import ClipRecipe
from soundgan.ingest.examine import examine
from soundgan.pipelines.generate import find_labels
from soundgan.pipelines.inputs import Failure, Input, gather, work_through
from soundgan.pipelines.project.bank import bank_of
from soundgan.pipelines.sound_files import Form, SoundFile, WrittenSound
from soundgan.pipelines.spectrogram.waveform import is_audio
from soundgan.reporting import Reporter
from soundgan.runtime import memory

MOST_SECONDS = 60.0
"""Of a recording: a model's sounds are a fraction of that."""

MOST_RECORDINGS = 500
MOST_REAL = 200
"""Clips of the dataset that the nearest is looked for among."""


@dataclass(frozen=True)
class ProjectRequest:
    """What to project.

    Attributes:
        recordings: Sound files, and folders of them.
        out: Folder for the sounds.
        model: LoadedModel file.
        data: Prepared folder with the real clips to compare with, if there is one.
        label: Class to look in; ``None`` looks in all.
        form: What files the sounds become.
    """

    recordings: tuple[Path, ...]
    out: Path
    model: Path
    data: Path | None = None
    label: str | None = None
    form: Form = field(default_factory=Form)


@dataclass(frozen=True)
class Projected:
    """A recording and the sound that came nearest.

    Attributes:
        source: The recording.
        sound: What was written.
        distance_db: Root mean square between both images, dB.
        bank_db: The same of the nearest of 600 sounds of the model.
        real_db: The same of the nearest real clip, where there are some to compare with.
    """

    source: Path
    sound: WrittenSound
    distance_db: float
    bank_db: float
    real_db: float | None


@dataclass(frozen=True)
class ProjectResult:
    """All recordings, and those that could not be used."""

    model: Path
    model_sha256: str
    sounds: tuple[Projected, ...]
    failures: tuple[Failure, ...]
    exit_code: ExitCode


@dataclass(frozen=True, eq=False)
class _Work:
    """What every recording is projected with; there is no bank where none can be used."""

    request: ProjectRequest
    model: LoadedModel
    bank: Bank | None
    label: int | None
    real: Tensor | None


def project_recordings(request: ProjectRequest, reporter: Reporter) -> ProjectResult:
    """Write the nearest sound of each recording, and its code into ``codes/``.

    Raises:
        UsageError: No recording, too many, no such class, or a model without spectrograms.
        ArtefactError: LoadedModel or dataset is damaged.
        StorageError: The disk refuses.
    """
    inputs = gather(request.recordings, ".wav", out=request.out, wanted=is_audio)
    if not inputs:
        raise UsageError(f"{request.recordings[0]}: no sound files")
    if len(inputs) > MOST_RECORDINGS:
        raise UsageError(
            f"{request.recordings[0]}: {len(inputs)} recordings, at most {MOST_RECORDINGS} at a "
            "time; name some of them"
        )
    memory.demand_address_space(memory.SOUNDS_BYTES, "making sounds")
    model = load_model(request.model)
    if model.description.clip.channels == 1:  # stereo ones always see spectrograms
        spectrograms_of(model.codec)
    labels = find_labels(model.description, request.label, no_label=False, count=1)
    real = _real(request.data, model)
    bank = bank_of(model, reporter) if any(_usable(item, model) for item in inputs) else None
    work = _Work(request, model, bank, labels[0] if labels else None, real)
    done = work_through(
        inputs, partial(_one, work=work), out=request.out, task="projecting", reporter=reporter
    )
    return ProjectResult(request.model, model.sha256, done.made, done.failures, done.exit_code)


def _one(item: Input, work: _Work) -> Projected:
    model = work.model
    target = model.codec.encode(torch.from_numpy(clip_of(item.path, model))[None])[0]
    if work.bank is None:
        raise AudioError(f"{item.path}: was changed while it was read; try again")
    with torch.enable_grad():
        found = project(model, work.bank, target, work.label)
    write_code(found.numbers)
    address = Address(found.numbers.source, _classes(model, found))
    codes = {found.numbers.hash: found.numbers}
    (sound,) = synthesise_points(model, [point_of(model, address, codes)], jobs=1)
    file = SoundFile(model, sound, address, codes)
    stem = item.output.name.removesuffix(".wav")
    folder = work.request.out / item.output.parent
    written = file.write(folder, stem, work.request.form)
    real = None
    if work.real is not None:
        real = float(image_distance_db(work.real, target[None]).min())
    return Projected(item.path, written, found.distance_db, found.bank_db, real)


def _usable(item: Input, model: LoadedModel) -> bool:
    """Whether a recording can be used at all; that it cannot is said later."""
    with suppress(SoundGANError):
        clip_of(item.path, model)
        return True
    return False


def _classes(model: LoadedModel, found: Projection) -> tuple[Share, ...] | None:
    labels = model.description.labels
    return (Share(labels[found.label]),) if labels else None


def clip_of(path: Path, model: LoadedModel) -> NDArray[np.float32]:
    """A recording as ``prepare`` would make a clip of it, [N], or [2, N] for a stereo model."""
    clip = model.description.clip
    recipe = ClipRecipe(
        sample_rate=clip.sample_rate,
        n_samples=clip.n_samples,
        trim_db=40.0,
        normalise="peak",
        channels=clip.channels,
        with_generated=True,
    )
    clips: list[NDArray[np.int16]] = []
    try:
        with AudioFile(os.fspath(path)) as file:
            header = file.decode().header
            seconds = (header.promised or 0) / header.sample_rate
            if seconds > MOST_SECONDS:
                raise AudioError(
                    f"lasts {seconds:.0f} s, and the model's sounds {clip.seconds:.2g} s; cut out "
                    "the sound that you mean"
                )
            record = examine(file, file.sha256(), recipe, clips.append, lambda: None)
    except AudioError as error:
        raise AudioError(f"{path}: {error}") from error
    if not clips:
        # Of prepare's remedies, another channel cannot be asked for here.
        reason = (record.reason or "nothing to project").partition(", `channel=")[0]
        raise AudioError(f"{path}: {record.verdict}: {reason}")
    waveform: NDArray[np.float32] = clips[0].astype(np.float32) / np.float32(FULL_SCALE)
    return waveform.reshape(clip.waveform_shape)


def _real(data: Path | None, model: LoadedModel) -> Tensor | None:
    """Images [N, C, F, T] of real clips, evenly from the dataset."""
    if data is None:
        return None
    dataset = PreparedDataset.open(data)
    if dataset.clip != model.description.clip:
        raise UsageError(
            f"{data}: clips of another rate, length or number of channels than the model's; leave "
            "it out"
        )
    places = np.linspace(0, len(dataset.train_indices) - 1, MOST_REAL).round().astype(int)
    rows = dataset.train_indices[np.unique(places)]
    return model.codec.encode(torch.from_numpy(dataset.for_models.waveforms(rows)))
