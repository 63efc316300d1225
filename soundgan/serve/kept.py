"""``/api/v1/kept``: the sounds that somebody keeps, in the working folder."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from soundgan.addresses.parse import parse_address
from soundgan.errors import ArtefactError
from soundgan.inference.code_file import known_codes
from soundgan.pipelines.sound_files import codes_in
from soundgan.runtime.files import read_json, write_json
from soundgan.serve.answers import ANEW, TYPES, answer, etag_of, matches
from soundgan.serve.documents import Document
from soundgan.serve.problems import Refusal
from soundgan.serve.service import Service, service_of
from soundgan.serve.settings import FAVOURITES

router = APIRouter(tags=["kept"])

KIND = "soundgan favourites"
MOST = 1024
"""As many as fit into a kit."""

MOST_BYTES = 1 << 24


class KeptSound(BaseModel):
    """A sound that is kept; whatever else a client says of it is kept too.

    Attributes:
        address: What makes it.
        model: SHA-256 of its model's file, or the 16 digits that name it in URLs.
        name: What it is called, if anything.
    """

    model_config = ConfigDict(extra="allow")

    address: str
    model: str = Field(pattern="^[0-9a-f]{16}(?:[0-9a-f]{48})?$")
    name: str | None = None


class Kept(Document):
    """All sounds that are kept, in their order."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    kind: str = KIND
    sounds: list[KeptSound] = Field(max_length=MOST)


@router.get("/kept", response_model=Kept)
def kept(request: Request) -> Response:
    """The sounds that are kept; their ETag is needed to change them."""
    return answer(request, _content(_read(_place(request))), TYPES[".json"], keep=ANEW)


@router.put("/kept", response_model=Kept)
def keep(
    request: Request,
    wanted: Kept,
    if_match: Annotated[str | None, Header(description="ETag of the list that is changed.")] = None,
) -> Response:
    """Replace the list, if it is still the one that the client has seen."""
    service = service_of(request)
    for sound in wanted.sounds:
        parse_address(sound.address)
    with service.keeping:
        if if_match is None:
            raise Refusal(
                HTTPStatus.PRECONDITION_REQUIRED, "If-Match: missing; send the ETag of GET"
            )
        if not matches(if_match, etag_of(_content(_read(_place(request))))):
            raise Refusal(
                HTTPStatus.PRECONDITION_FAILED,
                "the list was changed elsewhere meanwhile; read it again, then change that",
            )
        write_json(_place(request), _document(service, wanted))
        content = _content(_read(_place(request)))
    headers = {"ETag": etag_of(content), "Cache-Control": ANEW}
    return Response(content, headers=headers, media_type=TYPES[".json"])


def read_kept(service: Service) -> Kept:
    """The sounds that are kept.

    Raises:
        ArtefactError: The file is something else, or damaged.
    """
    return _read(service.settings.folder / FAVOURITES)


def _place(request: Request) -> Path:
    return service_of(request).settings.folder / FAVOURITES


def _read(path: Path) -> Kept:
    """What the file says.

    Raises:
        ArtefactError: Something else than a list of sounds; it is left as it is.
    """
    if not path.exists():
        return Kept(sounds=[])
    document = read_json(path, max_bytes=MOST_BYTES)
    try:
        return Kept.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "it"
        raise ArtefactError(
            f"{path}: no list of kept sounds: {place}: {first['msg'].lower()}; move it away"
        ) from error


def _content(found: Kept) -> bytes:
    return found.model_dump_json(by_alias=True, exclude_none=True).encode()


def _document(service: Service, wanted: Kept) -> dict[str, Any]:
    """What the file holds: also the numbers of codes, so that it makes the sounds elsewhere."""
    by_hash = {model.hash: model.sha256 for model in service.shelf.models()}
    document = wanted.model_dump(by_alias=True, exclude_none=True)
    for sound in document["sounds"]:
        sound["model"] = by_hash.get(sound["model"], sound["model"])
    needed = set[str]()
    for sound in wanted.sounds:
        needed |= codes_in(parse_address(sound.address))
    codes = known_codes(needed)
    document["codes"] = {hash: numbers.document() for hash, numbers in codes.items()}
    models = {sound["model"] for sound in document["sounds"]}
    if len(models) == 1 and len(only := models.pop()) == 64:
        document["model"] = only
    return document
