"""``/api/v1/models/{hash}/variations`` and its kin: sounds near others, as addresses and URLs."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from soundgan.errors import UsageError
from soundgan.inference.points import full_address, point_of
from soundgan.pipelines import addressed
from soundgan.pipelines.addressed import Plan
from soundgan.pipelines.directions import directions_of, moved_along
from soundgan.pipelines.like import like as toward
from soundgan.ranges import LIKE, MORE
from soundgan.registry import did_you_mean
from soundgan.reporting import SilentReporter
from soundgan.serve.documents import Document
from soundgan.serve.service import addresses_of, service_of
from soundgan.serve.sounds import sound_url

router = APIRouter(prefix="/models/{hash}", tags=["sounds"])

MOST = 1000
"""Sounds of one answer."""

LOW, HIGH = MORE["brighter"].low, MORE["brighter"].high
Amount = Annotated[float | None, Query(ge=LOW, le=HIGH)]
Count = Annotated[int, Query(ge=1, le=MOST)]
Strength = Annotated[float, Query(ge=0.0, le=1.0)]


class NearSound(BaseModel):
    """A sound: what makes it, its class if it has one, and where it is."""

    address: str
    label: str | None
    url: str


class NearSounds(Document):
    """Sounds, in their order."""

    sounds: list[NearSound]


class Direction(BaseModel):
    """A direction: what share of the differences between new sounds it foretells."""

    name: str
    r2: float
    offered: bool


class Directions(Document):
    """The measured directions of a class."""

    label: str | None
    directions: list[Direction]


@router.get("/variations")
def variations(
    request: Request,
    hash: str,
    of: Annotated[str, Query(description="Address of the sound.")],
    n: Count = 8,
    strength: Strength = 0.3,
    kind: Literal["variation", "take"] = "variation",
    first: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    brighter: Amount = None,
    sharper: Amount = None,
    longer: Amount = None,
    boomier: Amount = None,
    airier: Amount = None,
    noisier: Amount = None,
    higher: Amount = None,
) -> NearSounds:
    """Variations or takes of a sound, as ``soundgan vary`` makes them.

    With a direction and ``strength=0&n=1`` it is the moved sound alone.
    """
    named = {
        "brighter": brighter,
        "sharper": sharper,
        "longer": longer,
        "boomier": boomier,
        "airier": airier,
        "noisier": noisier,
        "higher": higher,
    }
    amounts = {name: amount for name, amount in named.items() if amount}
    plan = addressed.takes(n, first) if kind == "take" else _varied(n, first, strength)
    if amounts:
        plan = moved_along(amounts, plan, SilentReporter())
    return _planned(request, hash, [of], plan)


@router.get("/morphs")
def morphs(
    request: Request,
    hash: str,
    of: Annotated[list[str], Query(description="Addresses, two or more.", max_length=64)],
    n: Annotated[int, Query(ge=2, le=MOST)] = 9,
) -> NearSounds:
    """Sounds on the way from the first over all others to the last, both ends included."""
    return _planned(request, hash, of, addressed.morph(n))


@router.get("/like")
def like(
    request: Request,
    hash: str,
    kept: Annotated[list[str], Query(description="Addresses to go towards.", max_length=500)],
    dropped: Annotated[
        list[str] | None, Query(description="Addresses to go away from.", max_length=500)
    ] = None,
    n: Count = 16,
    seed: Annotated[int, Query(ge=0, le=int(LIKE["seed"].high))] = 0,
    strength: Strength = 0.6,
) -> NearSounds:
    """More sounds like those that were kept, and unlike those that were dropped."""
    if not kept:
        raise UsageError("`kept`: none; name a sound")
    return _planned(request, hash, [*kept, *(dropped or [])], toward(len(kept), n, seed, strength))


@router.get("/directions")
def directions(request: Request, hash: str, label: str | None = None) -> Directions:
    """What sounds of a class can be made more of; measured once, in some seconds."""
    service = service_of(request)
    _, model = service.shelf.load(hash)
    names = model.description.labels
    if names and label is None:
        raise UsageError(f"`label`: directions are those of a class; {did_you_mean('', names)}")
    if label is not None and label not in names:
        raise UsageError(f"`label={label}`: no such class; {did_you_mean(label, names)}")
    number = None if label is None else names.index(label)
    with service.one_at_a_time:
        found = directions_of(model, number, SilentReporter())
    listed = [Direction(name=d.name, r2=d.r2, offered=d.offered) for d in found]
    return Directions(label=label, directions=listed)


def _varied(n: int, first: int, strength: float) -> Plan:
    """Variations, or with no strength the sound itself, once."""
    if strength == 0.0 and n == 1:
        return addressed.as_named
    return addressed.variations(n, first, strength)


def _planned(request: Request, hash: str, texts: list[str], plan: Plan) -> NearSounds:
    service = service_of(request)
    sources = service.sources(hash, addresses_of(texts))
    with service.one_at_a_time:
        sources = plan(sources)
    sounds = []
    labels = sources.model.description.labels
    for address in sources.addresses:
        full = full_address(sources.model, address, sources.codes)
        number = point_of(sources.model, full, sources.codes).label
        label = labels[number] if number is not None and number < len(labels) else None
        sounds.append(NearSound(address=str(full), label=label, url=sound_url(hash, full)))
    return NearSounds(sounds=sounds)
