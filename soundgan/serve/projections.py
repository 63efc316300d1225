"""``/api/v1/models/{hash}/projections``: a recording as a sound of a model.

The recording is decoded by ``soundgan project`` in a process of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.responses import StreamingResponse

from soundgan.addresses.parse import parse_address
from soundgan.errors import UsageError
from soundgan.registry import did_you_mean
from soundgan.runtime.file_names import file_name
from soundgan.serve.children import Child, State
from soundgan.serve.documents import Document
from soundgan.serve.service import Service, service_of
from soundgan.serve.shelf import Shelved
from soundgan.serve.sounds import API, sound_url
from soundgan.serve.streams import DESCRIBED, event, stream
from soundgan.serve.uploads import BODY, receive, temporary_folder
from soundgan.spelling import DASHES, command_line

router = APIRouter(prefix="/models/{hash}/projections", tags=["projections"])

KIND = "project"


class ProjectedSound(BaseModel):
    """The sound that came nearest, and how near.

    Attributes:
        address: What makes it.
        label: Its class.
        url: Where it is.
        distance_db: Root mean square between both pictures, dB.
        bank_db: The same of the nearest of 600 sounds of the model.
    """

    address: str
    label: str | None
    url: str
    distance_db: float
    bank_db: float


class ProjectionState(Document):
    """How far a projection is.

    Attributes:
        id: What names it.
        url: Where it is.
        name: Of the recording.
        state: How far it is.
        message: What it said last.
        error: Why it failed.
        exit_code: That of the command, once it has ended.
        sound: What was found.
    """

    id: str
    url: str
    name: str
    state: State
    message: str | None
    error: str | None
    exit_code: int | None
    sound: ProjectedSound | None


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    response_model=ProjectionState,
    openapi_extra=BODY,
    responses={202: {"headers": {"Location": {"schema": {"type": "string"}}}}},
)
async def project(
    request: Request, hash: str, name: str = "recording", label: str | None = None
) -> Response:
    """Look for the sound of a model that comes nearest to a recording: the body, as a file.

    The answer comes at once; ask its ``Location`` how far it is, or listen to its ``/events``.
    """
    service = service_of(request)
    shelved = service.shelf.find(hash)
    labels = shelved.description.labels
    if label is not None and label not in labels:
        raise UsageError(f"`label={label}`: no such class; {did_you_mean(label, labels)}")
    folder = temporary_folder()
    path = Path(folder.name) / file_name(name)
    try:
        await receive(request, path)
        out = path.parent / "out"
        words = command_line({"model": shelved.path, "out": out, "json": True, "label": label})
        child = service.children.start(
            KIND,
            [*words, DASHES, str(path)],
            f"{hash}/{name[:200]}",
            at_end=folder.cleanup,
        )
    except BaseException:
        folder.cleanup()
        raise
    told = _told(shelved, child)
    return JSONResponse(told.model_dump(by_alias=True), HTTPStatus.ACCEPTED, {"Location": told.url})


@router.get("/{id}")
def projection(request: Request, hash: str, id: str) -> ProjectionState:
    """How far a projection is, and what was found."""
    service = service_of(request)
    return _told(service.shelf.find(hash), _find(service, hash, id))


@router.get("/{id}/events", response_class=StreamingResponse, responses=DESCRIBED)
def events(request: Request, hash: str, id: str) -> StreamingResponse:
    """What it says, and at last ``done``, ``failed`` or ``stopped`` with its state."""
    service = service_of(request)
    shelved, child = service.shelf.find(hash), _find(service, hash, id)
    return stream(service, _news(shelved, child, _number(request.headers.get("last-event-id"))))


@router.delete("/{id}", status_code=HTTPStatus.NO_CONTENT)
def give_up(request: Request, hash: str, id: str) -> None:
    """Stop it."""
    service = service_of(request)
    service.children.stop(_find(service, hash, id))


def _find(service: Service, hash: str, id: str) -> Child:
    child = service.children.find(KIND, id)
    return child if child.about.startswith(f"{hash}/") else service.children.find("", id)


def _news(shelved: Shelved, child: Child, begin: int) -> Iterator[str | None]:
    number = begin
    while True:
        ended = child.ended
        while number < len(child.lines):
            number += 1
            yield event("message", {"text": child.lines[number - 1]}, str(number))
        if ended:
            told = _told(shelved, child)
            yield event(told.state, told.model_dump(by_alias=True), str(number))
            return
        yield None


def _number(last: str | None) -> int:
    return int(last) if last and last.isdecimal() and len(last) < 9 else 0


def _told(shelved: Shelved, child: Child) -> ProjectionState:
    found: dict[str, Any] | None = None
    if child.state == "done" and child.document and child.document["sounds"]:
        found = child.document["sounds"][0]
    return ProjectionState(
        id=child.id,
        url=f"{API}/models/{shelved.hash}/projections/{child.id}",
        name=child.about.partition("/")[2],
        state=child.state,
        message=child.lines[-1] if child.lines else None,
        error=child.error,
        exit_code=child.code,
        sound=None
        if found is None
        else ProjectedSound(
            address=found["address"],
            label=found["label"],
            url=sound_url(shelved.hash, parse_address(found["address"])),
            distance_db=found["distance_db"],
            bank_db=found["bank_db"],
        ),
    )
