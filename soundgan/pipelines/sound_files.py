"""Sounds of a model as files that say which sound they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from soundgan.addresses.address import Address, Code, Share, Step, decimal
from soundgan.audio.finish import Finish
from soundgan.audio.picture import spectrogram_png
from soundgan.audio.wav import encode_audio
from soundgan.config.schema import Component
from soundgan.errors import OtherContentError
from soundgan.inference.code_file import CodeNumbers
from soundgan.inference.model_file import LoadedModel, ModelDescription
from soundgan.inference.synthesis import GeneratedSound
from soundgan.pipelines.picture_text import (
    KEY,
    PictureText,
    describe_codec,
    encode_text,
)
from soundgan.pipelines.provenance import provenance_of_sound
from soundgan.runtime.file_names import file_names
from soundgan.runtime.files import sha256, write_if_new
from soundgan.version import VERSION

MOST_NAME = 120
"""Bytes of a file's name, without its ending; what is longer is named by its hash."""


@dataclass(frozen=True)
class Form:
    """What files sounds become.

    Attributes:
        audio_format: ``wav`` or ``flac``.
        subtype: ``PCM_16``, ``PCM_24`` or ``FLOAT``.
        png: Write a spectrogram picture beside each sound.
        overwrite: Replace files that hold something else.
        finish: What is done to each sound at last; pictures show it as it was before.
        chain: Also write all sounds into one WAV file with cue points.
    """

    audio_format: str = "wav"
    subtype: str = "PCM_16"
    png: bool = False
    overwrite: bool = False
    finish: Finish = field(default_factory=Finish)
    chain: bool = False


@dataclass(frozen=True, slots=True)
class WrittenSound:
    """A file of a sound.

    Attributes:
        folder: Where it is.
        name: Its name.
        seed: What is random about it beside its address; of a seed's sound the seed.
        label: Its class, ``None`` where it has none or several.
        n_samples: Its length.
        written: Whether it was not there already.
        address: What makes it again.
    """

    folder: Path
    name: str
    seed: int
    label: str | None
    n_samples: int
    written: bool
    address: str

    @property
    def path(self) -> Path:
        """Of the file; not kept, for a hundred thousand of them take more room than the sounds."""
        return self.folder / self.name


@dataclass(frozen=True)
class SoundFile:
    """One sound that is to be a file.

    Attributes:
        model: Whose it is.
        sound: What was made.
        address: What it was made from.
        codes: Numbers of the codes in the address.
    """

    model: LoadedModel
    sound: GeneratedSound
    address: Address
    codes: Mapping[str, CodeNumbers] = field(default_factory=dict)

    @property
    def label(self) -> str | None:
        """The name of its class."""
        number = self.sound.label
        return None if number is None else self.model.description.labels[number]

    @property
    def provenance(self) -> dict[str, Any]:
        """What its file says of it."""
        address = self.address
        said: dict[str, Any] = {"soundgan": VERSION, "model": self.model.sha256}
        if address.is_seed:
            said |= {
                "seed": address.source,
                "label": self.label,
                "truncation": address.truncation,
            }
        else:
            said["address"] = str(address)
        if wanted := codes_in(address):
            said["codes"] = {hash: self.codes[hash].document() for hash in sorted(wanted)}
        if isinstance(step := self.model.description.provenance.get("step"), int):
            said["step"] = step
        return said

    @property
    def title(self) -> str:
        """What players show."""
        if not self.address.is_seed:
            return str(self.address)
        return f"seed {self.sound.seed}" + (f", {self.label}" if self.label is not None else "")

    def audio(self, form: Form) -> tuple[bytes, int]:
        """Content of its sound file, and how many samples there are."""
        rate = self.model.description.clip.sample_rate
        waveform = form.finish(self.sound.samples, rate)
        metadata = {
            "software": f"soundgan {VERSION}",
            "title": self.title,
            "comment": self._text(form),
        }
        content = encode_audio(
            waveform, rate, format=form.audio_format, subtype=form.subtype, metadata=metadata
        )
        return content, len(waveform)

    def picture(self, form: Form) -> bytes:
        """Content of its picture, which everything is in that turns it back into the sound."""
        texts = {"recipe": self._text(form), KEY: _picture_text(self.model, self.sound.seed)}
        levels = self.model.codec.pictures(self.sound.image[None])[0].numpy()
        return spectrogram_png(levels, metadata=texts)

    def write(self, folder: Path, stem: str, form: Form) -> WrittenSound:
        """Put it into ``folder``, with a picture beside it if that is asked for.

        Raises:
            OtherContentError: Something else is there, and is not to be replaced.
            OutputError: It cannot be written.
        """
        path = folder / f"{stem}.{form.audio_format}"
        content, n_samples = self.audio(form)
        try:
            written = write_if_new(path, content, overwrite=form.overwrite, sync_name=False)
            if form.png:
                write_if_new(
                    path.with_name(f"{stem}.png"),
                    self.picture(form),
                    overwrite=form.overwrite,
                    sync_name=False,
                )
        except OtherContentError as error:
            raise OtherContentError(_why_other(path, self.provenance) or str(error)) from error
        seed, label = self.sound.seed, self.label
        return WrittenSound(folder, path.name, seed, label, n_samples, written, str(self.address))

    def _text(self, form: Form) -> str:
        return json.dumps(self.provenance | form.finish.numbers(), sort_keys=True)


def seed_address(
    description: ModelDescription, sound: GeneratedSound, truncation: float
) -> Address:
    """The address of a seed's sound, its class written out."""
    labels = description.labels
    if sound.label is not None:
        return Address(sound.seed, (Share(labels[sound.label]),), truncation=truncation)
    return Address(sound.seed, () if labels else None, truncation=truncation)


def codes_in(address: Address) -> set[str]:
    """Hashes of all codes that an address names."""
    source = address.source
    found = {step.hash for step in address.variations if isinstance(step, Step)}
    if isinstance(source, tuple):
        return found.union(*(codes_in(part.address) for part in source))
    return found | ({source.hash} if isinstance(source, Code) else set())


def stem_of(description: ModelDescription, address: Address) -> str:
    """The name of a sound's file, without its ending: ``kick-seed000042-vary5@0.3``."""
    names = dict(zip(description.labels, file_names(description.labels), strict=True))
    stem = _stem(names, address)
    return stem if len(stem.encode()) <= MOST_NAME else f"sound-{sha256(stem.encode())[:16]}"


def _stem(names: Mapping[str, str], address: Address) -> str:
    source = address.source
    if isinstance(source, tuple):
        stem = "+".join(
            _stem(names, part.address) + ("" if part.weight == 1.0 else f"@{decimal(part.weight)}")
            for part in source
        )
    else:
        stem = f"code{source.hash}" if isinstance(source, Code) else f"seed{source:06d}"
    for share in reversed(address.classes or ()):
        weight = "" if share.weight == 1.0 else decimal(share.weight)
        stem = f"{names.get(share.label, 'class')}{weight}-{stem}"
    bare = replace(address, source=0, classes=None)
    return stem + str(bare)[1:].replace("~", "-")


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


def _picture_text(model: LoadedModel, seed: int) -> str:
    config = model.description.config
    text = PictureText(
        **describe_codec(config.representation.name, model.codec),
        inversion=Component(name=config.inversion.name, options=config.inversion.options),
        outline=model.description.outline,
        seed=seed,
    )
    return encode_text(text)
