"""Sounds from a model, one file per seed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch

from soundgan.addresses.address import MAX_SEED
from soundgan.audio.finish import Finish
from soundgan.errors import UsageError
from soundgan.inference.model_file import ModelDescription, load_model
from soundgan.inference.placement import device_for
from soundgan.inference.synthesis import synthesise
from soundgan.pipelines.chain import Chain
from soundgan.pipelines.sound_files import Form, SoundFile, WrittenSound, seed_address
from soundgan.registry import did_you_mean
from soundgan.reporting import Reporter
from soundgan.runtime import memory
from soundgan.runtime.device import describe_device, pick_device
from soundgan.runtime.file_names import file_names
from soundgan.runtime.files import make_folder, names_synced, sweep_temporaries


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
        chain: Also write all sounds into one WAV file with cue points.
        shared: Whether other machines may be writing into the folder.
        runtime: What computes the images: ``torch``, or ``onnx`` on the CPU.
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
    chain: bool = False
    shared: bool = False
    runtime: str = "torch"

    @property
    def form(self) -> Form:
        """What files the sounds become."""
        return Form(
            self.audio_format, self.subtype, self.png, self.overwrite, self.finish, self.chain
        )


@dataclass(frozen=True)
class GenerateResult:
    """The model used, the files made, in order of seed, and what was done to each at last."""

    model: Path
    model_sha256: str
    sample_rate: int
    seconds: float
    sounds: tuple[WrittenSound, ...]
    finish: Finish
    chain: Path | None = None


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
    if request.runtime == "onnx":
        from soundgan.graphs.generator import in_runtime  # noqa: PLC0415 - an optional library

        model, device = in_runtime(model), torch.device("cpu")
        reporter.say(f"{request.model} in ONNX Runtime, {describe_device(device)}")
    else:
        device = device_for(model, request.device, reporter)
        reporter.say(f"{request.model} on {describe_device(device)}")
    if not request.shared:  # processes of other machines cannot be told from dead ones
        sweep_temporaries(request.out, held=False)
    written = []
    names, form = file_names(model.description.labels), request.form
    make_folder(request.out)
    chain = Chain(form) if form.chain else None
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
            first = "" if sound.label is None else f"{names[sound.label]}-"
            address = seed_address(model.description, sound, request.truncation)
            file = SoundFile(model, sound, address)
            stem = f"{first}seed{sound.seed:06d}"
            written.append(file.write(request.out, stem, form))
            if chain is not None:
                chain.add(file, stem)
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
        None if chain is None else chain.write(request.out, model.sha256, clip.sample_rate),
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
