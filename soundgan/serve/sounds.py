"""``/api/v1/models/{hash}/sounds/{address}``: a sound, whose URL is its recipe."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from soundgan.addresses.address import MAX_TRUNCATION, Address, Share
from soundgan.addresses.parse import parse_address
from soundgan.errors import UsageError
from soundgan.inference.points import full_address
from soundgan.pipelines.sound_files import Form, SoundFile, stem_of
from soundgan.serve.answers import FOR_EVER, TYPES, answer
from soundgan.serve.documents import Document
from soundgan.serve.service import service_of

router = APIRouter(tags=["sounds"])

Ending = Literal["wav", "flac", "png", "json"]
API = "/api/v1"


class SoundFacts(Document):
    """A sound.

    Attributes:
        address: Complete, with its class.
        model: SHA-256 of its model's file.
        label: Its class, ``None`` where it has none or several.
        sample_rate: Hz.
        channels: 1 or 2.
        n_samples: Its length.
        name: Of its files, without the ending.
        recipe: What its files say about how it was made.
        urls: Of its files, by their endings.
    """

    address: str
    model: str
    label: str | None
    sample_rate: int
    channels: int
    n_samples: int
    name: str
    recipe: dict[str, Any]
    urls: dict[str, str]


Label = Annotated[str | None, Query(description="Its class, if its address names none.")]
Truncation = Annotated[float | None, Query(ge=0.0, le=MAX_TRUNCATION)]

PARTS: dict[int | str, dict[str, Any]] = {
    206: {"description": "A part of the file."},
    304: {"description": "The client has it already."},
}


def _offer(ending: Ending, said: dict[str, Any], doc: str) -> None:
    """Answer for files of one kind: an operation each, so that each has one type of content."""

    async def sound(
        request: Request,
        hash: str,
        address: str,
        label: Label = None,
        truncation: Truncation = None,
    ) -> Response:
        service = service_of(request)
        wanted = _completed(parse_address(address), label, truncation)
        sources = await asyncio.to_thread(service.sources, hash, [wanted])
        (named,) = sources.addresses
        full = full_address(sources.model, named, sources.codes)
        file = await asyncio.wrap_future(service.kitchen.order(sources, full))
        content = await asyncio.to_thread(content_of, file, hash, ending)
        name = f"{stem_of(sources.model.description, file.address)}.{ending}"
        return answer(request, content, TYPES[f".{ending}"], keep=FOR_EVER, name=name)

    router.add_api_route(
        f"/models/{{hash}}/sounds/{{address}}.{ending}",
        sound,
        name=f"sound_{ending}",
        description=doc,
        response_class=Response,
        responses={200: said, **PARTS},
    )


def _file(ending: Ending) -> dict[str, Any]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {
        "description": "The file that the command line writes.",
        "content": {TYPES[f".{ending}"]: binary},
    }


_offer("wav", _file("wav"), "A sound as WAV, the bytes that the command line writes.")
_offer("flac", _file("flac"), "A sound as FLAC, the bytes that the command line writes.")
_offer("png", _file("png"), "The picture of a sound, the bytes that the command line writes.")
_offer("json", {"model": SoundFacts, "description": "The facts."}, "Facts about a sound.")


def content_of(file: SoundFile, hash: str, ending: Ending) -> bytes:
    """The bytes of a sound as a file."""
    if ending == "png":
        return file.picture(Form())
    if ending != "json":
        return file.audio(Form(audio_format=ending))[0]
    clip = file.model.description.clip
    facts = SoundFacts(
        address=str(file.address),
        model=file.model.sha256,
        label=file.label,
        sample_rate=clip.sample_rate,
        channels=clip.channels,
        n_samples=clip.n_samples,
        name=stem_of(file.model.description, file.address),
        recipe=file.provenance,
        urls={kind: sound_url(hash, file.address, kind) for kind in ("wav", "flac", "png", "json")},
    )
    return json.dumps(facts.model_dump(by_alias=True)).encode()


def sound_url(hash: str, address: Address, ending: str = "wav") -> str:
    """Where a sound is."""
    return f"{API}/models/{hash}/sounds/{quote(str(address), safe=':~@+')}.{ending}"


def _completed(address: Address, label: str | None, truncation: float | None) -> Address:
    """The address with what the query says, where it says nothing of that itself."""
    if label is not None:
        if address.classes is not None:
            raise UsageError(f"`label={label}`: {address} names its class; leave one of them out")
        address = replace(address, classes=(Share(label),))
    if truncation is not None:
        if address.truncation not in (1.0, truncation):
            raise UsageError(
                f"`truncation={truncation}`: {address} names another; leave one of them out"
            )
        address = replace(address, truncation=truncation)
    return address
