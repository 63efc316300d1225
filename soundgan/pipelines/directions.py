"""The measured directions of a model, made once and kept in the cache, and steps along them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from soundgan.addresses.address import Address, Step
from soundgan.codec.spectrogram import spectrograms_of
from soundgan.errors import ArtefactError, OutputError, UsageError
from soundgan.inference.code_file import CodeNumbers, write_code
from soundgan.inference.directions import LEAST_R2, NAMES, Direction, measure_directions
from soundgan.inference.model_file import LoadedModel
from soundgan.inference.points import full_address, point_of
from soundgan.pipelines.addressed import Plan
from soundgan.pipelines.sources import Sources
from soundgan.reporting import Reporter
from soundgan.runtime.cache import cache_folder
from soundgan.runtime.files import read_json, write_json

KIND, VERSION = "soundgan directions", 1


def moved_along(amounts: Mapping[str, float], then: Plan, reporter: Reporter) -> Plan:
    """Move each sound along measured directions of its class; ``then`` goes on from there.

    Args:
        amounts: By the name of the direction; 1 is as far as codes differ along any one line.
        then: What is made of the moved sounds.
        reporter: Told how good the directions are.
    """

    def plan(sources: Sources) -> Sources:
        codes = dict(sources.codes)
        known: dict[int | None, dict[str, Direction]] = {}
        addresses = []
        for address in sources.addresses:
            label = class_of(sources, address)
            if label not in known:
                known[label] = {d.name: d for d in directions_of(sources.model, label, reporter)}
                _demand(sources.model, label, known[label], amounts)
                reporter.say(told(sources.model, label, [known[label][n] for n in amounts]))
            full = full_address(sources.model, address, sources.codes)
            steps = []
            for name in NAMES:
                if name in amounts:
                    numbers = numbers_of(sources.model, known[label][name])
                    codes[numbers.hash] = numbers
                    steps.append(Step(numbers.hash, amounts[name]))
            addresses.append(replace(full, variations=(*full.variations, *steps)))
        return then(replace(sources, addresses=tuple(addresses), codes=codes))

    return plan


def numbers_of(model: LoadedModel, direction: Direction) -> CodeNumbers:
    """The numbers of a direction, as addresses name them; kept in ``codes/`` too."""
    numbers = CodeNumbers(model.sha256, direction.unit, 0)
    write_code(numbers)
    return numbers


def class_of(sources: Sources, address: Address) -> int | None:
    """The class that a sound has most of."""
    shares = point_of(sources.model, address, sources.codes).shares
    return max(shares, key=lambda number: shares[number]) if shares else None


def _demand(
    model: LoadedModel,
    label: int | None,
    known: Mapping[str, Direction],
    wanted: Mapping[str, float],
) -> None:
    for name in wanted:
        if not known[name].offered:
            offered = [d for d in known.values() if d.offered]
            rest = ", ".join(f"{d.name} ({d.r2:.2f})" for d in offered) or "none"
            raise UsageError(
                f"`{name}`: the model has no such direction{for_class(model, label)}: R² "
                f"{known[name].r2:.2f} on new sounds, at least {LEAST_R2} is needed; it has {rest}"
            )


def told(model: LoadedModel, label: int | None, used: Sequence[Direction]) -> str:
    """Which directions are gone along, and how good each is."""
    numbers = ", ".join(f"{d.name} R² {d.r2:.2f}" for d in used)
    return f"along what was measured{for_class(model, label)}: {numbers}"


def for_class(model: LoadedModel, label: int | None) -> str:
    """A class in the middle of a message; nothing where there is none."""
    labels = model.description.labels
    return f" for {labels[label]!r}" if label is not None and label < len(labels) else ""


def directions_of(
    model: LoadedModel, label: int | None, reporter: Reporter
) -> tuple[Direction, ...]:
    """The directions of a class; a cache that cannot be read or written costs seconds only."""
    try:
        folder = cache_folder() / "directions"
    except OutputError:
        return measure_directions(model, label)
    path = folder / f"{model.sha256[:32]}-{'all' if label is None else label}.json"
    known = _read(path, model, label)
    if known is not None:
        return known
    spectrograms_of(model.codec)  # refuses before anything is said
    reporter.say(f"measuring about a thousand sounds{for_class(model, label)}, once")
    found = measure_directions(model, label)
    with suppress(OutputError):
        document = {
            "kind": KIND,
            "version": VERSION,
            "model": model.sha256,
            "class": label,
            "directions": {d.name: {"r2": d.r2, "unit": d.unit} for d in found},
        }
        write_json(path, document)
    return found


def _read(path: Path, model: LoadedModel, label: int | None) -> tuple[Direction, ...] | None:
    try:
        document = read_json(path)
    except ArtefactError:
        return None
    size = model.generator.latent_dim - model.generator.noise_dim
    try:
        said = (document["kind"], document["version"], document["model"], document["class"])
        if said != (KIND, VERSION, model.sha256, label):
            return None
        kept = document["directions"]
        found = tuple(
            Direction(name, float(kept[name]["r2"]), tuple(map(float, kept[name]["unit"])))
            for name in NAMES
        )
    except (KeyError, TypeError, ValueError):
        return None
    whole = all(len(d.unit) == size and all(map(math.isfinite, (d.r2, *d.unit))) for d in found)
    return found if whole else None
