"""``soundgan kit``: the sounds, their keys, and the files that samplers read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from soundgan.addresses.parse import parse_address
from soundgan.audio.one_shot import cut, gains
from soundgan.errors import UsageError
from soundgan.inference.code_file import CodeNumbers
from soundgan.inference.points import has_takes, point_of
from soundgan.inference.synthesis import synthesise_points
from soundgan.kits.instrument import SAMPLES, WHOLE, Drum, Instrument, Layer, Sample
from soundgan.kits.notes import N_NOTES, choke_of, notes_for
from soundgan.kits.sfz import UNSAFE
from soundgan.pipelines.addressed import sound_file
from soundgan.pipelines.kit.formats import FORMATS, kit_files
from soundgan.pipelines.kit.gather import KIND, gather
from soundgan.pipelines.kit.plan import Layers, plan_drums
from soundgan.pipelines.kit.sample import Place, kit_audio
from soundgan.pipelines.sound_files import SoundFile, codes_in
from soundgan.pipelines.sources import Sources, find_sources
from soundgan.reporting import Reporter
from soundgan.runtime import memory
from soundgan.runtime.file_names import file_names
from soundgan.runtime.files import (
    demand_free,
    make_folder,
    names_synced,
    sweep_temporaries,
    write_if_new,
)
from soundgan.version import VERSION

Item = TypeVar("Item")


@dataclass(frozen=True)
class KitRequest:
    """What to make.

    Attributes:
        sounds: As of :func:`soundgan.pipelines.kit.gather.gather`.
        out: Folder of the kit.
        model: As of :func:`soundgan.pipelines.sources.find_sources`.
        name: Of the kit, in samplers and file names; ``None`` for the folder's.
        formats: Some of ``FORMATS`` and ``EXPERIMENTS`` of ``soundgan.pipelines.kit.formats``.
        takes: Further takes of each sound, played in turn.
        layers: Layers of velocity.
        level: One of :data:`soundgan.audio.one_shot.LEVELS`.
        overwrite: Replace files that hold something else.
    """

    sounds: tuple[str | Path, ...]
    out: Path
    model: Path | None = None
    name: str | None = None
    formats: tuple[str, ...] = FORMATS
    takes: int = 0
    layers: int = 1
    level: str = "peak"
    overwrite: bool = False


@dataclass(frozen=True)
class KitSound:
    """A sound of a kit.

    Attributes:
        name: Of its drum.
        note: MIDI number of its key.
        path: Of its file.
        address: What makes it again.
        velocity: Lowest and highest at which it is played.
    """

    name: str
    note: int
    path: Path
    address: str
    velocity: tuple[int, int]


@dataclass(frozen=True)
class KitResult:
    """What was made.

    Attributes:
        model: The model's file.
        model_sha256: Its hash.
        sounds: All sounds, takes beside each other.
        files: What samplers open, and ``kit.json``.
    """

    model: Path
    model_sha256: str
    sounds: tuple[KitSound, ...]
    files: tuple[Path, ...]


@dataclass(frozen=True)
class _Plan:
    """One drum, not yet cut and levelled: the sounds of its layers, the hardest first."""

    name: str
    note: int
    choke: int
    layers: tuple[tuple[tuple[SoundFile, ...], tuple[int, int]], ...]

    @property
    def files(self) -> list[SoundFile]:
        return [file for files, _ in self.layers for file in files]


def make_kit(request: KitRequest, reporter: Reporter) -> KitResult:
    """Write a kit; files that are there already with the same bytes are left alone.

    Raises:
        UsageError: No such sound, model or take, or too many sounds.
        NothingUsableError: A folder without sounds of ours.
        ArtefactError: Model or code file is damaged.
        OutputError: A file holds something else and ``overwrite`` is off, or cannot be written.
    """
    chosen = gather(request.sounds, request.out)
    memory.demand_address_space(memory.SOUNDS_BYTES, "making sounds")
    sources = find_sources([sound for drum in chosen for sound in drum.sounds], request.model)
    if request.takes and not has_takes(sources.model):
        raise UsageError(
            f"`takes={request.takes}`: {sources.path} has none, its sounds follow from their codes "
            "alone; leave it out"
        )
    sources, layers = plan_drums(
        sources, chosen, takes=request.takes, layers=request.layers, reporter=reporter
    )
    drums = _drums(sources, layers, [drum.name for drum in chosen], reporter)
    rate = sources.model.description.clip.sample_rate
    cuts = [cut(f.sound.samples, rate) for drum in drums for f in drum.files]
    factors = iter(gains(cuts, rate, request.level))
    sweep_temporaries(request.out, held=False)
    contents: dict[str, bytes] = {}
    sounds: list[KitSound] = []
    ready: list[Drum] = []
    names = iter(_file_names(drums))
    for drum in drums:
        layers_ready = []
        for layer, velocity in drum.layers:
            samples = []
            for file in layer:
                name = next(names)
                place = Place(drum.note, next(factors), velocity)
                contents[name], n_samples = kit_audio(file, place)
                samples.append(Sample(name, n_samples))
                path = request.out / SAMPLES / name
                sounds.append(KitSound(drum.name, drum.note, path, str(file.address), velocity))
            layers_ready.append(Layer(tuple(samples), *velocity))
        ready.append(Drum(drum.name, drum.note, tuple(layers_ready), drum.choke))
    title = request.name or request.out.absolute().name or "kit"
    title = title.encode("utf-8", "replace").decode()
    kits = [
        Instrument(_numbered(title, number, len(ready)), rate, tuple(part), f"soundgan {VERSION}")
        for number, part in enumerate(_parts(ready), 1)
    ]
    document = _document(sources, kits, sounds)
    files = kit_files(kits, contents, request.formats, document)
    return KitResult(
        sources.path,
        sources.model.sha256,
        tuple(sounds),
        _write(request, contents, files),
    )


def _drums(
    sources: Sources,
    drums: Sequence[Layers],
    names: Sequence[str | None],
    reporter: Reporter,
) -> list[_Plan]:
    """All sounds, made, by drum and layer."""
    model, codes = sources.model, sources.codes
    addresses = [address for drum in drums for layer in drum for address in layer.addresses]
    points = [point_of(model, address, codes) for address in addresses]
    files: list[SoundFile] = []
    for sound in synthesise_points(model, points, jobs=os.cpu_count() or 1):
        files.append(sound_file(sources, addresses[len(files)], sound))
        reporter.progress("generating", len(files), len(points))
    reporter.finish("generating")
    made = iter(files)
    grouped = [
        tuple((tuple(next(made) for _ in layer.addresses), layer.velocity) for layer in drum)
        for drum in drums
    ]
    labels = [layers[0][0][0].label for layers in grouped]
    named = _names([name or label or "sound" for name, label in zip(names, labels, strict=True)])
    notes = [note for part in _parts(labels) for note in notes_for(part)]
    found = zip(named, notes, map(choke_of, labels), grouped, strict=True)
    return [_Plan(*drum) for drum in found]


def _parts(items: Sequence[Item]) -> list[Sequence[Item]]:
    """As many as there are keys, at a time."""
    return [items[start : start + N_NOTES] for start in range(0, len(items), N_NOTES)]


def _numbered(title: str, number: int, count: int) -> str:
    return title if count <= N_NOTES else f"{title} {number}"


def _names(names: Sequence[str]) -> list[str]:
    """Names of drums, numbered where several have one."""
    count, seen = Counter(names), Counter[str]()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(name if count[name] == 1 else f"{name} {seen[name]}")
    return numbered


def _file_names(drums: Sequence[_Plan]) -> list[str]:
    """Names of sound files, in order: the drum's, with what no format minds, velocity and take."""
    safe = str.maketrans(dict.fromkeys(UNSAFE, "_"))
    plain = file_names([drum.name.translate(safe) for drum in drums])
    stems = [
        name + (f" vel {velocity[1]}" if layer else "") + (f" take {take}" if take else "")
        for name, drum in zip(plain, drums, strict=True)
        for layer, (files, velocity) in enumerate(drum.layers)
        for take in range(len(files))
    ]
    return [f"{stem}.wav" for stem in file_names(stems)]


def _document(
    sources: Sources, kits: Sequence[Instrument], sounds: Sequence[KitSound]
) -> Mapping[str, object]:
    """What ``kit.json`` says: everything that makes the kit again."""
    wanted = set().union(*(codes_in(parse_address(sound.address)) for sound in sounds))
    codes: Mapping[str, CodeNumbers] = sources.codes
    return {
        "kind": KIND,
        "schema": 1,
        "soundgan": VERSION,
        "model": sources.model.sha256,
        "names": [kit.name for kit in kits],
        "codes": {hash: codes[hash].document() for hash in sorted(wanted)},
        "sounds": [
            {
                "name": sound.name,
                "note": sound.note,
                **({} if sound.velocity == WHOLE else {"velocity": list(sound.velocity)}),
                "file": f"{SAMPLES}/{sound.path.name}",
                "address": sound.address,
            }
            for sound in sounds
        ],
    }


def _write(
    request: KitRequest, contents: Mapping[str, bytes], files: Mapping[str, bytes]
) -> tuple[Path, ...]:
    folder = request.out / SAMPLES
    everything = {folder / name: content for name, content in contents.items()}
    everything |= {request.out / name: content for name, content in files.items()}
    demand_free(everything, overwrite=request.overwrite)
    make_folder(folder)
    with names_synced(folder):
        for name, content in contents.items():
            write_if_new(folder / name, content, overwrite=request.overwrite, sync_name=False)
    for name, content in files.items():
        write_if_new(request.out / name, content, overwrite=request.overwrite)
    return tuple(request.out / name for name in files)
