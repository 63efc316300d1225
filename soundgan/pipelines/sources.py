"""Sounds that a caller names: by an address, or by a file that was made from one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from soundgan.addresses.address import Address, Share
from soundgan.addresses.parse import parse_address
from soundgan.errors import UsageError
from soundgan.inference.code_file import CodeNumbers, known_codes, unpack
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.pipelines.find_model import RUNS, find_model
from soundgan.pipelines.info_sound import find_by_hash, kind_of, texts_of
from soundgan.pipelines.provenance import is_generated, provenance_in
from soundgan.pipelines.sound_files import codes_in

OURS = (".wav", ".flac", ".png")
"""Endings of files that hold an address."""


@dataclass(frozen=True)
class Named:
    """A sound as it was named.

    Attributes:
        address: Which it is.
        codes: Numbers that came with it.
        model: SHA-256 of its model, where it came with that.
        file: The file it came from.
    """

    address: Address
    codes: Mapping[str, CodeNumbers] = field(default_factory=dict)
    model: str | None = None
    file: Path | None = None


def named(text: str | Path) -> Named:
    """The sound that a text or a file says.

    Raises:
        UsageError: Neither an address nor a file made from one.
        ArtefactError: The file's own numbers are damaged.
    """
    if text == "":  # as a path it would be the working folder
        return Named(parse_address(""))
    path = Path(text)
    try:
        is_file, is_folder = path.is_file(), path.is_dir()
    except (OSError, ValueError):  # no name of a file at all
        is_file = is_folder = False
    if is_file:
        return named_by_file(path)
    words = str(text)
    wrong = f"{words}: {'a folder; name the sounds in it' if is_folder else 'no such file'}"
    if isinstance(text, Path) or "/" in words or path.suffix.lower() in OURS:
        raise UsageError(wrong)
    try:
        return Named(parse_address(words))
    except UsageError as error:
        if is_folder:
            raise UsageError(wrong) from error
        raise


def named_by_file(path: Path) -> Named:
    """The sound that a WAV, FLAC or PNG file of ours says it is.

    Raises:
        UsageError: It says nothing of the kind.
        ArtefactError: Its own numbers are damaged.
    """
    kind = kind_of(path)
    provenance = None if kind is None else provenance_in(texts_of(path, kind))
    if provenance is None or not is_generated(provenance):
        raise UsageError(
            f"{path}: holds no address; it was not made by soundgan generate, or lost its metadata"
        )
    return of_provenance(provenance, path)


def of_provenance(provenance: Mapping[str, Any], path: Path) -> Named:
    """The sound that a file's provenance says.

    Raises:
        UsageError: Its address says nothing.
        ArtefactError: Its own numbers are damaged.
    """
    codes = {}
    for hash, document in dict(provenance.get("codes") or {}).items():
        numbers = unpack(document, str(path))
        if numbers.hash == hash:
            codes[hash] = numbers
    try:
        address = address_in(provenance)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
    return Named(address, codes, provenance["model"], path)


def address_in(provenance: Mapping[str, Any]) -> Address:
    """The address in a generated sound's provenance.

    Raises:
        UsageError: It says nothing.
    """
    if isinstance(text := provenance.get("address"), str):
        return parse_address(text)
    label = provenance.get("label")
    classes = (Share(label),) if isinstance(label, str) else ()
    truncation = provenance.get("truncation", 1.0)
    bounded = isinstance(truncation, int | float) and 0.0 <= truncation <= 2.0
    return Address(provenance["seed"], classes, truncation=truncation if bounded else 1.0)


@dataclass(frozen=True)
class Sources:
    """Sounds of one model.

    Attributes:
        model: The model.
        path: Its file.
        addresses: Of the sounds, as they were named.
        codes: The numbers of all codes in them.
    """

    model: LoadedModel
    path: Path
    addresses: tuple[Address, ...]
    codes: Mapping[str, CodeNumbers]


def find_sources(
    sounds: Sequence[Named], model: Path | None, loaded: dict[Path, LoadedModel] | None = None
) -> Sources:
    """The sounds with their model, loaded.

    Args:
        sounds: As they were named.
        model: What the caller named; ``None`` for the model of the files among them, or else the
            newest run, or a bundled model.
        loaded: Models that are loaded already, by their files; this one is added.

    Raises:
        UsageError: No model, another one than the files were made by, or none for a code.
        ArtefactError: LoadedModel or code file is damaged.
    """
    path = model_of(sounds, model)
    loaded = {} if loaded is None else loaded
    if path not in loaded:
        loaded[path] = load_model(path)
    return sources_of(sounds, path, loaded[path])


def sources_of(sounds: Sequence[Named], path: Path, model: LoadedModel) -> Sources:
    """The sounds, of a model that is loaded.

    Raises:
        UsageError: Another model made one of them, or a code in them.
        ArtefactError: A code file is damaged.
    """
    for sound in sounds:
        if sound.model is not None and sound.model != model.sha256:
            raise UsageError(
                f"{sound.file}: made by another model (SHA-256 {sound.model[:12]}...) than {path}; "
                "leave `model` out, or name that one"
            )
    codes = {hash: numbers for sound in sounds for hash, numbers in sound.codes.items()}
    codes |= known_codes(_wanted(sounds) - codes.keys())
    for hash, numbers in codes.items():
        if numbers.model != model.sha256:
            raise UsageError(
                f"code{hash}: of another model (SHA-256 {numbers.model[:12]}...) than {path}; name "
                "that one with `model`"
            )
    unlabelled = not model.description.labels
    addresses = tuple(
        replace(sound.address, classes=None)
        if unlabelled and sound.address.classes == ()
        else sound.address
        for sound in sounds
    )
    return Sources(model, path, addresses, codes)


def model_of(sounds: Iterable[Named], model: Path | None) -> Path:
    """The file of the model that made the named sounds.

    Raises:
        UsageError: It is not within reach.
    """
    if model is not None:
        return find_model(model, RUNS, fall_back=True)
    for sound in sounds:
        if sound.model is None:
            continue
        found = find_by_hash(sound.model)
        if found is None:
            raise UsageError(
                f"{sound.file}: its model (SHA-256 {sound.model[:12]}...) is not among the runs in "
                f"{RUNS}/ and the bundled models; name its file with `model`"
            )
        return found[1]
    return find_model(None, RUNS, fall_back=True)


def _wanted(sounds: Iterable[Named]) -> set[str]:
    return set().union(*(codes_in(sound.address) for sound in sounds))
