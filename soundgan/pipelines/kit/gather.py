"""The sounds that are to be in a kit: addresses, files, folders of files, lists of addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from soundgan.addresses.parse import parse_address
from soundgan.audio.find import list_files
from soundgan.errors import NothingUsableError, SoundGANError, UsageError
from soundgan.inference.code_file import unpack
from soundgan.kits.instrument import WHOLE
from soundgan.pipelines.kit.sample import velocity_in
from soundgan.pipelines.sources import Named, named, named_by_file
from soundgan.runtime.files import read_json

MOST = 1024
"""Sounds of one kit."""

SOUNDS = (".wav", ".flac")
KIND = "soundgan kit"
"""Of ``kit.json``, in which the sounds of one name are takes of one drum."""


@dataclass(frozen=True)
class Hits:
    """Sounds that are played in turn.

    Attributes:
        sounds: One or more.
        velocity: Lowest and highest at which they are played.
    """

    sounds: tuple[Named, ...]
    velocity: tuple[int, int] = WHOLE


@dataclass(frozen=True)
class Chosen:
    """A drum for a kit.

    Attributes:
        layers: Its sounds by velocity, the hardest first; mostly one sound for all.
        name: The name it was given, if any.
    """

    layers: tuple[Hits, ...]
    name: str | None = None

    @property
    def sounds(self) -> tuple[Named, ...]:
        """Those of all layers."""
        return tuple(sound for hits in self.layers for sound in hits.sounds)


def gather(given: Sequence[str | Path], out: Path) -> list[Chosen]:
    """All sounds, in their order, each address once.

    Args:
        given: Addresses, sounds and pictures made by soundgan, folders of sounds, and JSON files
            with addresses: a list of them, one with ``sounds``, or the ``kit.json`` of a kit.
        out: Folder for the kit; not searched for sounds.

    Raises:
        UsageError: One is none of these, or there are more than 1,024.
        NothingUsableError: A folder holds no sound made by soundgan.
    """
    found: dict[str, Chosen] = {}
    for text in given:
        for chosen in _sounds(text, out):
            found.setdefault(str(chosen.sounds[0].address), chosen)
            if sum(len(drum.sounds) for drum in found.values()) > MOST:
                raise UsageError(f"{text}: more than {MOST} sounds; make several kits of fewer")
    return list(found.values())


def _sounds(text: str | Path, out: Path) -> Iterator[Chosen]:
    path = Path(text)
    try:
        is_folder, is_list = path.is_dir(), path.suffix.lower() == ".json" and path.is_file()
    except (OSError, ValueError):  # no name of a file at all
        is_folder = is_list = False
    if is_folder and text != "":  # which would be the working folder
        yield from _of_folder(path, out)
    elif is_list:
        yield from _of_list(path)
    else:
        yield Chosen((Hits((named(text),)),))


def _of_folder(folder: Path, out: Path) -> Iterator[Chosen]:
    names = [
        name
        for name in list_files(folder, without=out).files
        if Path(name).suffix.lower() in SOUNDS
    ]
    if len(names) > MOST:
        raise UsageError(
            f"{folder}: {len(names)} sounds, a kit has at most {MOST}; name some of them"
        )
    n_found = 0
    for name in sorted(names):
        try:
            sound = named_by_file(folder / name)
        except SoundGANError:  # somebody else's
            continue
        n_found += 1
        yield Chosen((Hits((sound,)),))
    if not n_found:
        raise NothingUsableError(
            f"{folder}: no sound made by soundgan; name a folder that soundgan generate has filled"
        )


def _of_list(path: Path) -> Iterator[Chosen]:
    document = read_json(path, max_bytes=1 << 24)
    table = document if isinstance(document, dict) else {"sounds": document}
    sounds = table.get("sounds")
    model = table.get("model")
    if not isinstance(sounds, list) or not sounds:
        raise UsageError(f"{path}: no list of addresses; it needs them under 'sounds'")
    codes = {
        hash: unpack(numbers, str(path)) for hash, numbers in dict(table.get("codes") or {}).items()
    }
    drums: dict[object, Chosen] = {}
    for number, item in enumerate(sounds):
        entry: Any = {"address": item} if isinstance(item, str) else item
        if not isinstance(entry, dict) or not isinstance(entry.get("address"), str):
            raise UsageError(f"{path}: a sound without 'address': {str(item)[:60]}")
        try:
            sound = Named(parse_address(entry["address"]), codes)
        except UsageError as error:
            raise UsageError(f"{path}: {error}") from error
        if isinstance(model, str):
            sound = replace(sound, model=model, file=path)
        name = entry.get("name")
        name = name if isinstance(name, str) and name.strip() else None
        key = name if table.get("kind") == KIND and name else number
        velocity = velocity_in(entry)
        if velocity is None:
            raise UsageError(f"{path}: 'velocity' of {entry['address'][:60]}: no two of 1 to 127")
        drums[key] = _with(drums.get(key, Chosen((), name)), sound, velocity)
    yield from drums.values()


def _with(drum: Chosen, sound: Named, velocity: tuple[int, int]) -> Chosen:
    """A drum with one more sound, in the layer of its velocity."""
    layers = {hits.velocity: hits.sounds for hits in drum.layers}
    layers[velocity] = (*layers.get(velocity, ()), sound)
    hardest_first = sorted(layers.items(), key=lambda layer: -layer[0][1])
    return replace(drum, layers=tuple(Hits(sounds, v) for v, sounds in hardest_first))
