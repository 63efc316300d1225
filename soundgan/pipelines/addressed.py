"""Sounds by their addresses, as files."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from soundgan.addresses.address import Address, Part, Variation
from soundgan.addresses.parse import parse_address
from soundgan.errors import UsageError
from soundgan.inference.points import full_address, has_takes, point_of
from soundgan.inference.synthesis import GeneratedSound, synthesise_points
from soundgan.pipelines.chain import Chain
from soundgan.pipelines.generate import GenerateResult
from soundgan.pipelines.sound_files import Form, SoundFile, WrittenSound, stem_of
from soundgan.pipelines.sources import Sources, find_sources, named
from soundgan.reporting import Reporter
from soundgan.runtime import memory
from soundgan.runtime.files import make_folder, names_synced, sweep_temporaries

Plan = Callable[[Sources], Sources]
"""From the sounds that were named to those that are wanted, with their codes."""


@dataclass(frozen=True)
class AddressedRequest:
    """What to make.

    Attributes:
        sounds: Addresses, and files of sounds and pictures made by soundgan.
        out: Folder for the sounds.
        model: As of :func:`soundgan.pipelines.sources.find_sources`.
        form: What files they become.
        numbered: Begin names with numbers, where the order of the sounds matters.
    """

    sounds: tuple[str | Path, ...]
    out: Path
    model: Path | None = None
    form: Form = field(default_factory=Form)
    numbered: bool = False


def make_addressed(request: AddressedRequest, plan: Plan, reporter: Reporter) -> GenerateResult:
    """Write the sounds that ``plan`` makes of those that were named.

    Raises:
        UsageError: No such sound, class, code or model, or an address becomes too long to be read.
        ArtefactError: Model or code file is damaged.
        OutputError: A file holds something else and is not to be replaced, or cannot be written.
        MemoryShortageError: ``ulimit -v`` allows too little.
    """
    sounds = [named(sound) for sound in request.sounds]
    memory.demand_address_space(memory.SOUNDS_BYTES, "making sounds")
    sources = find_sources(sounds, request.model)
    sources = plan(sources)
    wanted = sources.addresses
    for address in wanted:
        parse_address(str(full_address(sources.model, address, sources.codes)))
    points = [point_of(sources.model, address, sources.codes) for address in wanted]
    reporter.say(f"{sources.path} on the CPU")
    sweep_temporaries(request.out, held=False)
    make_folder(request.out)
    written: list[WrittenSound] = []
    chain = Chain(request.form) if request.form.chain else None
    with names_synced(request.out):
        made = synthesise_points(sources.model, points, jobs=os.cpu_count() or 1)
        for address, sound in zip(wanted, made, strict=True):
            file = sound_file(sources, address, sound)
            first = f"{len(written) + 1:0{len(str(len(wanted)))}}-" if request.numbered else ""
            stem = first + stem_of(sources.model.description, file.address)
            written.append(file.write(request.out, stem, request.form))
            if chain is not None:
                chain.add(file, stem)
            reporter.progress("generating", len(written), len(points))
    reporter.finish("generating")
    clip = sources.model.description.clip
    return GenerateResult(
        sources.path,
        sources.model.sha256,
        clip.sample_rate,
        clip.seconds,
        tuple(written),
        request.form.finish,
        None if chain is None else chain.write(request.out, sources.model.sha256, clip.sample_rate),
    )


def sound_file(sources: Sources, address: Address, sound: GeneratedSound) -> SoundFile:
    """What was made of an address of ``sources``, its class written out."""
    full = full_address(sources.model, address, sources.codes)
    return SoundFile(sources.model, sound, full, sources.codes)


def as_named(sources: Sources) -> Sources:
    """The sounds themselves."""
    return sources


def variations(count: int, first: int, strength: float) -> Plan:
    """``count`` steps of ``strength`` away from each sound, numbered from ``first`` on."""

    def plan(sources: Sources) -> Sources:
        found = [
            replace(address, variations=(*address.variations, Variation(number, strength)))
            for address in _full(sources)
            for number in range(first, first + count)
        ]
        return replace(sources, addresses=tuple(found))

    return plan


def takes(count: int, first: int) -> Plan:
    """``count`` takes of each sound, numbered from ``first`` on.

    Raises:
        UsageError: The model has none.
    """

    def plan(sources: Sources) -> Sources:
        if not has_takes(sources.model):
            raise UsageError(
                f"`takes`: {sources.path} has none, its sounds follow from their codes alone; "
                "leave it out for variations"
            )
        found = [
            replace(address, take=number)
            for address in _full(sources)
            for number in range(first, first + count)
        ]
        return replace(sources, addresses=tuple(found))

    return plan


def morph(count: int) -> Plan:
    """``count`` sounds, evenly from the first over those between to the last."""

    def plan(sources: Sources) -> Sources:
        ends = _full(sources)
        if len(ends) < 2:
            raise UsageError("a morph needs two sounds or more; name another one")
        found = [_between(ends, number, count) for number in range(count)]
        return replace(sources, addresses=tuple(found))

    return plan


def _between(ends: Sequence[Address], number: int, count: int) -> Address:
    """Sound ``number`` of ``count`` on the way over all ends."""
    ways = len(ends) - 1
    way, rest = divmod(number * ways, count - 1) if count > 1 else (0, 0)
    if rest == 0:
        return ends[way]
    share = round(rest / (count - 1), 6)
    return Address((Part(ends[way], round(1.0 - share, 6)), Part(ends[way + 1], share)))


def _full(sources: Sources) -> list[Address]:
    return [full_address(sources.model, address, sources.codes) for address in sources.addresses]
