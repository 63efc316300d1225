"""``/api/v1/datasets``: prepared folders, and folders of recordings to prepare."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from soundgan.data.dataset import PreparedDataset
from soundgan.errors import ArtefactError, UsageError
from soundgan.ranges import PREPARE
from soundgan.runtime.file_names import file_name
from soundgan.serve.answers import ANEW, TYPES, answer
from soundgan.serve.children import Child, State
from soundgan.serve.documents import Document
from soundgan.serve.folders import prepared_folders, sound_folders
from soundgan.serve.problems import Refusal, not_found
from soundgan.serve.reports import REPORT_HEADERS
from soundgan.serve.service import Service, service_of
from soundgan.serve.sounds import API
from soundgan.spelling import DASHES, command_line

router = APIRouter(prefix="/datasets", tags=["datasets"])

KIND = "prepare"
REPORT = "report.html"


class DatasetFacts(BaseModel):
    """A prepared folder, or one that is being made.

    Attributes:
        name: Its folder's.
        url: Where it is.
        state: Of the ``prepare`` that this service has started on it; ``done`` without one.
        message: What that said last.
        error: Why it failed, or what is wrong with the folder.
        clips: How many there are.
        labels: Classes.
        sample_rate: Of the clips, Hz.
        channels: 1 or 2.
        seconds: Length of each.
        report: URL of its report.
    """

    name: str
    url: str
    state: State
    message: str | None = None
    error: str | None = None
    clips: int | None = None
    labels: list[str] = []
    sample_rate: int | None = None
    channels: int | None = None
    seconds: float | None = None
    report: str | None = None


class Datasets(Document):
    """Prepared folders, and folders of recordings in the working folder."""

    datasets: list[DatasetFacts]
    sources: list[str]


class OneDataset(Document, DatasetFacts):
    """One prepared folder."""


class NewDataset(BaseModel):
    """What to prepare.

    Attributes:
        source: One of ``sources``.
        name: Of the folder to make.
        sample_rate: ``None`` chooses it from the sounds.
        clip_seconds: ``None`` chooses it from the sounds.
    """

    source: str
    name: str = Field(default="prepared", min_length=1, max_length=80)
    sample_rate: Annotated[
        int | None, Field(ge=int(PREPARE["sample_rate"].low), le=int(PREPARE["sample_rate"].high))
    ] = None
    clip_seconds: Annotated[
        float | None, Field(ge=PREPARE["clip_seconds"].low, le=PREPARE["clip_seconds"].high)
    ] = None


@router.get("")
def list_datasets(request: Request) -> Datasets:
    """Prepared folders, and folders that could be prepared."""
    service = service_of(request)
    names = list(prepared_folders())
    names += [c.about for c in service.children.unfinished(KIND) if c.about not in names]
    listed = [DatasetFacts(**_facts(service, name)) for name in names]
    return Datasets(datasets=listed, sources=list(sound_folders()))


@router.get("/{name}")
def one_dataset(request: Request, name: str) -> OneDataset:
    """One prepared folder."""
    return OneDataset(**_facts(service_of(request), name))


@router.post("", status_code=HTTPStatus.ACCEPTED, response_model=OneDataset)
def prepare(request: Request, wanted: NewDataset) -> Response:
    """Begin to prepare a folder of recordings."""
    service = service_of(request)
    source = sound_folders().get(wanted.source)
    if source is None:
        raise UsageError(f"`source={wanted.source}`: no folder of sounds in the working folder")
    free = wanted.name in prepared_folders() or not Path(wanted.name).exists()
    if wanted.name != file_name(wanted.name) or not free:
        raise UsageError(f"`name={wanted.name}`: is something else; choose another name")
    child = service.children.newest(KIND, wanted.name)
    if child is not None and not child.ended:
        raise Refusal(HTTPStatus.CONFLICT, f"{wanted.name}: is being prepared already")
    chosen = wanted.model_dump(include={"sample_rate", "clip_seconds"})
    words = command_line({"out": wanted.name, "json": True, **chosen})
    service.children.start(KIND, [*words, DASHES, str(source)], wanted.name)
    told = OneDataset(**_facts(service, wanted.name))
    headers = {"Location": told.url}
    return JSONResponse(told.model_dump(by_alias=True), HTTPStatus.ACCEPTED, headers)


@router.delete("/{name}/process", status_code=HTTPStatus.NO_CONTENT)
def stop(request: Request, name: str) -> None:
    """Stop preparing; begun again, it goes on where it was."""
    service = service_of(request)
    child = service.children.newest(KIND, name)
    if child is None or child.ended:
        raise Refusal(HTTPStatus.CONFLICT, f"{name}: is not being prepared")
    service.children.stop(child)


@router.get(
    "/{name}/report.html",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}}},
)
def report(request: Request, name: str) -> Response:
    """The report of ``soundgan prepare``."""
    folder = prepared_folders().get(name)
    if folder is None or not (folder / REPORT).is_file():
        raise not_found(f"{name}: no report")
    given = answer(request, (folder / REPORT).read_bytes(), TYPES[".html"], keep=ANEW)
    given.headers.update(REPORT_HEADERS)
    return given


def _facts(service: Service, name: str) -> dict[str, Any]:
    folder = prepared_folders().get(name)
    child = service.children.newest(KIND, name)
    if folder is None and child is None:
        raise not_found(f"{name}: no prepared folder of this name")
    url = f"{API}/datasets/{quote(name)}"
    facts: dict[str, Any] = {"name": name, "url": url, **_told(child)}
    if folder is None:
        return facts
    try:
        dataset = PreparedDataset.open(folder)
    except ArtefactError as error:
        return {**facts, "error": str(error)}
    return {
        **facts,
        "clips": len(dataset),
        "labels": list(dataset.labels),
        "sample_rate": dataset.clip.sample_rate,
        "channels": dataset.clip.channels,
        "seconds": dataset.clip.seconds,
        "report": f"{url}/{REPORT}" if (folder / REPORT).is_file() else None,
    }


def _told(child: Child | None) -> dict[str, Any]:
    if child is None:
        return {"state": "done"}
    message = child.lines[-1] if child.lines else None
    return {"state": child.state, "message": message, "error": child.error}
