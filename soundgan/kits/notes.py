"""Which key a drum lies on: General MIDI where its class is known there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

N_NOTES = 128
FIRST_FREE = 60
"""Drums without a place in General MIDI lie from here on upwards, then from 0 on."""

HATS = 1
"""Choke group of open and closed hats."""

_GENERAL_MIDI: dict[str, tuple[int, ...]] = {
    "open hat": (46,),
    "hat": (42, 44),
    "kick": (36, 35),
    "snare": (38, 40),
    "clap": (39,),
    "tom": (45, 47, 50, 48, 43, 41),
    "rim": (37,),
    "crash": (49, 57),
    "ride": (51, 59),
    "tambourine": (54,),
    "cowbell": (56,),
    "conga": (63, 64, 62),
    "shaker": (70,),
    "clave": (75,),
}
_WORDS = {
    "hat": ("hat", "hats", "hihat", "hihats", "hh", "chh", "ch", "closedhat", "closedhats"),
    "open hat": ("openhat", "openhats", "ohh", "oh", "openhihat", "openhihats"),
    "kick": ("kick", "kicks", "bd", "kik", "bassdrum", "bassdrums", "kickdrum", "kickdrums"),
    "snare": ("snare", "snares", "sd", "sn", "snaredrum", "snaredrums"),
    "clap": ("clap", "claps", "cp", "handclap", "handclaps"),
    "tom": ("tom", "toms", "lowtom", "midtom", "hightom", "lt", "mt", "ht"),
    "rim": ("rim", "rims", "rimshot", "rimshots", "sidestick", "rs"),
    "crash": ("crash", "crashes", "cymbal", "cymbals", "cy"),
    "ride": ("ride", "rides"),
    "tambourine": ("tambourine", "tambourines", "tamb"),
    "cowbell": ("cowbell", "cowbells", "cb"),
    "conga": ("conga", "congas"),
    "shaker": ("shaker", "shakers", "maraca", "maracas"),
    "clave": ("clave", "claves"),
}
_ROLES = {word: role for role, words in _WORDS.items() for word in words}


def role_of(label: str | None) -> str | None:
    """The drum that a class is called after, as General MIDI knows it; ``None`` for others."""
    words = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label or "").casefold())
    joined = [*map("".join, pairwise(words)), *words]
    roles = [_ROLES[word] for word in joined if word in _ROLES]
    if not roles:
        return None
    return "open hat" if roles[0] == "hat" and "open" in words else roles[0]


def choke_of(label: str | None) -> int:
    """The choke group of a class, 0 for none."""
    return HATS if role_of(label) in ("hat", "open hat") else 0


def notes_for(labels: Sequence[str | None]) -> list[int]:
    """A note for each drum, at most 128 of them, none twice.

    The first drums of a class get its notes in General MIDI, in their order.
    """
    wanted = {role: list(notes) for role, notes in _GENERAL_MIDI.items()}
    found: list[int | None] = []
    for label in labels:
        places = wanted.get(role_of(label) or "", [])
        found.append(places.pop(0) if places else None)
    taken = {note for note in found if note is not None}
    free = [note for note in (*range(FIRST_FREE, N_NOTES), *range(FIRST_FREE)) if note not in taken]
    rest = iter(free)
    return [next(rest) if note is None else note for note in found]
