"""Sounds from a model, one file per seed."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from soundgan.audio.finish import Finish
from soundgan.audio.picture import spectrogram_png
from soundgan.audio.wav import encode_audio
from soundgan.codec.spectrogram import spectrograms_of
from soundgan.config.schema import Component
from soundgan.errors import OtherContentError, UsageError
from soundgan.inference.model_file import Model, ModelDescription, load_model
from soundgan.inference.placement import device_for
from soundgan.inference.synthesis import GeneratedSound, synthesise
from soundgan.pipelines.picture_text import (
    KEY,
    PictureText,
    describe_representation,
    encode_text,
)
from soundgan.pipelines.provenance import provenance_of_sound
from soundgan.registry import did_you_mean
from soundgan.reporting import Reporter
from soundgan.runtime import memory
from soundgan.runtime.device import describe_device, pick_device
from soundgan.runtime.file_names import file_names
from soundgan.runtime.files import make_folder, names_synced, sweep_temporaries, write_if_new
from soundgan.version import VERSION

MAX_SEED = 2**63 - 1


@dataclass(frozen=True)
class GenerateRequest:
    """What to make.

    Attributes:
        model: Model file.
        out: Folder for the sounds.
        count: Number of sounds; sound i has seed ``seed + i``.
        seed: First seed.
        label: Class name, or ``None`` for a class drawn from each seed.
        truncation: Factor on the latent.
        device: Device name; ``auto`` takes a GPU only after a check of its images.
        batch_size: Sounds in memory at a time.
        audio_format: ``wav`` or ``flac``.
        subtype: ``PCM_16``, ``PCM_24`` or ``FLOAT``.
        png: Write a spectrogram picture beside each sound.
        overwrite: Replace files that hold something else.
        no_label: Make sounds of no class; for models that were trained with label dropout.
        finish: What is done to each sound at last; pictures show it as it was before.
    """

    model: Path
    out: Path
    count: int
    seed: int
    label: str | None = None
    truncation: float = 1.0
    device: str = "auto"
    batch_size: int = 48
    audio_format: str = "wav"
    subtype: str = "PCM_16"
    png: bool = False
    overwrite: bool = False
    no_label: bool = False
    finish: Finish = field(default_factory=Finish)


@dataclass(frozen=True, slots=True)
class WrittenSound:
    """A file, the seed and class it was made from, its length, and whether it was there already."""

    folder: Path
    name: str
    seed: int
    label: str | None
    n_samples: int
    written: bool

    @property
    def path(self) -> Path:
        """Of the file; not kept, for a hundred thousand of them take more room than the sounds."""
        return self.folder / self.name


@dataclass(frozen=True)
class GenerateResult:
    """The model used, the files made, in order of seed, and what was done to each at last."""

    model: Path
    model_sha256: str
    sample_rate: int
    seconds: float
    sounds: tuple[WrittenSound, ...]
    finish: Finish


def generate(request: GenerateRequest, reporter: Reporter) -> GenerateResult:
    """Write the sounds; files that are there already with the same bytes are left alone.

    Raises:
        UsageError: Unknown label or device, no label from a model that needs one, or seeds out
            of range.
        ArtefactError: The model is damaged.
        OutputError: A file holds something else and ``overwrite`` is off, or cannot be written.
        MemoryShortageError: ``ulimit -v`` allows too little.
    """
    if request.seed + request.count - 1 > MAX_SEED:
        raise UsageError(f"`seed={request.seed}`: seeds end at {MAX_SEED}")
    pick_device(request.device)  # a wrong name is found before the model is read
    memory.demand_address_space(memory.SOUNDS_BYTES, "making sounds")
    model = load_model(request.model)
    labels = find_labels(
        model.description, request.label, no_label=request.no_label, count=request.count
    )
    device = device_for(model, request.device, reporter)
    reporter.say(f"{request.model} on {describe_device(device)}")
    sweep_temporaries(request.out, held=False)
    written = []
    names = file_names(model.description.labels)
    make_folder(request.out)
    with names_synced(request.out):
        for sound in synthesise(
            model,
            range(request.seed, request.seed + request.count),
            labels=labels,
            truncation=request.truncation,
            device=device,
            batch_size=request.batch_size,
            jobs=os.cpu_count() or 1,
        ):
            written.append(_write(sound, model, request, names))
            reporter.progress("generating", len(written), request.count)
    reporter.finish("generating")
    clip = model.description.clip
    return GenerateResult(
        request.model,
        model.sha256,
        clip.sample_rate,
        clip.seconds,
        tuple(written),
        request.finish,
    )


def find_labels(
    description: ModelDescription, label: str | Sequence[str] | None, *, no_label: bool, count: int
) -> Sequence[int] | None:
    """Class numbers for ``count`` sounds, or ``None`` to draw each from its seed.

    Args:
        description: Of the model.
        label: Class of all, one a sound, or ``None``.
        no_label: Whether sounds of no class are wanted.
        count: Number of sounds.

    Raises:
        UsageError: No such class, the model has none, or the two contradict each other.
    """
    if no_label:
        return [_free_label(description, label)] * count
    if label is None:
        return None
    wanted = [label] * count if isinstance(label, str) else list(label)
    if len(wanted) != count:
        raise UsageError(f"`label`: {len(wanted)} classes for {count} sounds")
    names = description.labels
    for name in dict.fromkeys(wanted):
        if not names:
            raise UsageError(f"`label={name}`: the model was trained without labels")
        if name not in names:
            raise UsageError(f"`label={name}`: no such class; {did_you_mean(name, names)}")
    return [names.index(name) for name in wanted]


def _free_label(description: ModelDescription, label: str | Sequence[str] | None) -> int:
    if label is not None:
        raise UsageError(f"`no_label`: contradicts `label={label}`; leave one of them out")
    free = description.free_label
    if free is None:
        taught = "with a label on every sound" if description.labels else "without labels"
        raise UsageError(f"`no_label`: the model was trained {taught}; leave it out")
    return free


def _write(
    sound: GeneratedSound, model: Model, request: GenerateRequest, names: Sequence[str]
) -> WrittenSound:
    description = model.description
    label = None if sound.label is None else description.labels[sound.label]
    provenance = {
        "soundgan": VERSION,
        "model": model.sha256,
        "seed": sound.seed,
        "label": label,
        "truncation": request.truncation,
    }
    if isinstance(step := description.provenance.get("step"), int):
        provenance["step"] = step
    text = json.dumps(provenance | request.finish.numbers(), sort_keys=True)
    first = "" if sound.label is None else f"{names[sound.label]}-"
    path = request.out / f"{first}seed{sound.seed:06d}.{request.audio_format}"
    waveform = request.finish(sound.waveform.numpy(), description.clip.sample_rate)
    content = encode_audio(
        waveform,
        description.clip.sample_rate,
        format=request.audio_format,
        subtype=request.subtype,
        metadata={
            "software": f"soundgan {VERSION}",
            "title": _title(sound, label),
            "comment": text,
        },
    )
    try:
        written = write_if_new(path, content, overwrite=request.overwrite, sync_name=False)
        if request.png:
            texts = {"recipe": text, KEY: _picture_text(model, sound.seed)}
            write_if_new(
                path.with_suffix(".png"),
                spectrogram_png(model.codec.pictures(sound.image[None])[0].numpy(), metadata=texts),
                overwrite=request.overwrite,
                sync_name=False,
            )
    except OtherContentError as error:
        raise OtherContentError(_why_other(path, provenance) or str(error)) from error
    return WrittenSound(request.out, path.name, sound.seed, label, len(waveform), written)


def _why_other(path: Path, provenance: dict[str, object]) -> str | None:
    """What a file was made with instead, and what to do; ``None`` if it is no sound of ours."""
    found = provenance_of_sound(path)
    if found is None:
        return None
    remedy = "name a new folder with `out`, or replace it with `overwrite`"
    if found.get("model") == provenance["model"]:
        return f"{path}: exists, made by this model with other options; {remedy}"
    steps = found.get("step"), provenance.get("step")
    then = f" at step {steps[0]}" if isinstance(steps[0], int) else ""
    now = f", which is at step {steps[1]} now" if isinstance(steps[1], int) else ""
    return (
        f"{path}: exists, made{then} before the model changed{now}, or by another model; {remedy}"
    )


def _picture_text(model: Model, seed: int) -> str:
    """Everything that turns the picture back into the sound."""
    config = model.description.config
    representation = spectrograms_of(model.codec).representation
    text = PictureText(
        **describe_representation(config.representation.name, representation),
        inversion=Component(name=config.inversion.name, options=config.inversion.options),
        outline=model.description.outline,
        seed=seed,
    )
    return encode_text(text)


def _title(sound: GeneratedSound, label: str | None) -> str:
    return f"seed {sound.seed}" + (f", {label}" if label is not None else "")
