"""The results of the zoo as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from tests.benchmarks.pictures.others import WAYS
from tests.benchmarks.pictures.run import Animal, Heard

READINGS = ("box", "colours", "axis", "top", "duration", "range")


def report(animals: Sequence[Animal]) -> str:
    """Shares over all, a line for each look, and what is worst."""
    parts = [_summary(animals), _by_look(animals), _lost(animals), _failures(animals)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _share(values: Iterable[bool]) -> str:
    found = list(values)
    return f"{100.0 * sum(found) / len(found):.0f} %" if found else "-"


def _summary(animals: Sequence[Animal]) -> str:
    printed = [animal for animal in animals if animal.printed]
    pairs = [
        ("near without options, axes printed", _share(a.ways["bare"].near for a in printed)),
        ("near without options, all", _share(a.ways["bare"].near for a in animals)),
        ("near when told", _share(a.ways["told"].near for a in animals)),
    ]
    for reading in READINGS:
        right = _share(reading not in a.ways["bare"].wrong for a in animals)
        pairs.append((f"{reading} right", right))
    pairs.append(("not worse than the best other way", _share(map(_best, animals))))
    for way in ("bare", "told", *WAYS):
        median = float(np.median([animal.ways[way].spectral_db for animal in animals]))
        near = _share(animal.ways[way].near for animal in animals)
        pairs.append((f"{way}: median distance, near", f"{median:.1f} dB, {near}"))
    took = float(np.median([animal.ways["bare"].seconds for animal in animals]))
    pairs.append(("median time without options", f"{took:.1f} s"))
    return "\n".join(["| measure | zoo |", "|---|---|", *(f"| {a} | {b} |" for a, b in pairs)])


def _best(animal: Animal) -> bool:
    """Whether no other way came nearer than ours, told; half a decibel is chance."""
    other = min(animal.ways[way].spectral_db for way in WAYS)
    return animal.ways["told"].spectral_db <= other + 0.5


def _by_look(animals: Sequence[Animal]) -> str:
    looks = list(dict.fromkeys((a.tool, a.look) for a in animals))
    lines = [
        "| tool | look | near | told | distance, dB | told | best other | misread |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for tool, look in looks:
        own = [a for a in animals if (a.tool, a.look) == (tool, look)]
        wrong = [reading for a in own for reading in a.ways["bare"].wrong]
        misread = ", ".join(
            f"{reading} {wrong.count(reading)}" for reading in dict.fromkeys(sorted(wrong))
        )
        others = [min(a.ways[way].spectral_db for way in WAYS) for a in own]
        lines.append(
            f"| {tool} | {look} | {_count(own, 'bare')} | {_count(own, 'told')} | "
            f"{_median(own, 'bare'):.1f} | {_median(own, 'told'):.1f} | "
            f"{float(np.median(others)):.1f} | {misread} |"
        )
    return "\n".join(lines)


def _count(own: Sequence[Animal], way: str) -> str:
    return f"{sum(a.ways[way].near for a in own)} of {len(own)}"


def _median(own: Sequence[Animal], way: str) -> float:
    return float(np.median([a.ways[way].spectral_db for a in own]))


def _number(value: float | None, unit: str) -> str:
    return "" if value is None else f" {value:.0f} {unit}"


def _failures(animals: Sequence[Animal]) -> str:
    lines = []
    for way in ("bare", "told"):
        for animal in animals:
            heard = animal.ways[way]
            if not heard.near and (animal.printed or way == "told"):
                lines.append(f"- {way}: {_named(animal)}:{_why(heard)}")
    return "\n".join(lines)


def _lost(animals: Sequence[Animal]) -> str:
    return "\n".join(
        f"- another way is nearer: {_named(animal)}: {animal.ways['told'].spectral_db:.1f} dB, "
        f"{min(animal.ways[way].spectral_db for way in WAYS):.1f} dB"
        for animal in animals
        if not _best(animal)
    )


def _named(animal: Animal) -> str:
    return f"{animal.tool}, {animal.look}, {animal.signal}"


def _why(heard: Heard) -> str:
    if heard.error:
        return f" {heard.error}"
    text = _number(heard.cents, "cents") + _number(heard.onset_ms, "ms")
    return text + (f"; wrong: {', '.join(heard.wrong)}" if heard.wrong else "")
