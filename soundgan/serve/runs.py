"""``/api/v1/runs``: trainings, as they are and as they go on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from soundgan.config.presets import preset_names
from soundgan.errors import UsageError
from soundgan.pipelines.find_model import RUNS
from soundgan.ranges import TRAIN
from soundgan.registry import did_you_mean
from soundgan.runtime.file_names import file_name
from soundgan.serve.children import Child, interrupt
from soundgan.serve.documents import Document
from soundgan.serve.folders import prepared_folders
from soundgan.serve.problems import Refusal, not_found
from soundgan.serve.run_folder import (
    EVENTS,
    METRICS,
    RewrittenError,
    RunFolder,
    find_run,
    read_lines,
    run_folders,
    run_url,
)
from soundgan.serve.service import Service, service_of
from soundgan.serve.streams import DESCRIBED, event, stream
from soundgan.spelling import command_line

router = APIRouter(prefix="/runs", tags=["runs"])

KIND = "train"
_PLACES = re.compile(r"(\d{1,15})-(\d{1,15})")

RunState = Literal["waiting", "training", "stopped", "finished", "failed"]


class Best(BaseModel):
    """The best average of a training so far.

    Attributes:
        step: Whose.
        kernel_distance: To the validation clips.
    """

    step: int
    kernel_distance: float


class RunFacts(BaseModel):
    """A training.

    Attributes:
        name: Its folder's in ``runs/``.
        url: Where it is.
        state: ``stopped`` trainings can go on; ``finished`` ones have done all their steps.
        step: Steps done.
        steps: Steps asked for.
        labels: Classes.
        health: The last sentence on how the game goes.
        model: Hash of its model, once there is one.
        best: What its model and previews are of, where the training looks for it.
        message: What its process said last, if this service has started it.
        error: Why it failed.
        previews: How many there are.
        reports: URLs of evaluations.
    """

    name: str
    url: str
    state: RunState
    step: int
    steps: int | None
    labels: list[str]
    health: str | None
    model: str | None
    best: Best | None
    message: str | None
    error: str | None
    previews: int
    reports: list[str]


class Runs(Document):
    """All trainings, the newest first."""

    runs: list[RunFacts]


class OneRun(Document, RunFacts):
    """One training."""


class NewRun(BaseModel):
    """A training to begin, or to go on with.

    Attributes:
        name: Of the run; that of one that is there goes on.
        data: Name of a prepared folder, as ``/datasets`` lists it; a run that goes on has its own.
        preset: ``None`` takes the one that suits.
        seed: As of ``soundgan train``.
        max_minutes: Time for everything.
        max_steps: Stop at this step.
    """

    name: str = Field(min_length=1, max_length=80)
    data: str | None = None
    preset: str | None = None
    seed: Annotated[int | None, Field(ge=0, le=2**63 - 1)] = None
    max_minutes: Annotated[
        float | None, Field(ge=TRAIN["max_minutes"].low, le=TRAIN["max_minutes"].high)
    ] = None
    max_steps: Annotated[int | None, Field(ge=1, le=10**9)] = None


@router.get("")
def list_runs(request: Request) -> Runs:
    """The trainings in ``runs/``, and those that are about to begin."""
    service = service_of(request)
    names = list(run_folders())
    names += [c.about for c in service.children.unfinished(KIND) if c.about not in names]
    return Runs(runs=[RunFacts(**_facts(service, name)) for name in names])


@router.get("/{name}")
def one_run(request: Request, name: str) -> OneRun:
    """One training."""
    return OneRun(**_facts(service_of(request), name))


@router.post("", status_code=HTTPStatus.ACCEPTED, response_model=OneRun)
def begin(request: Request, wanted: NewRun) -> Response:
    """Begin a training, or go on with one; it does not end with the page."""
    service = service_of(request)
    if wanted.name != file_name(wanted.name):
        raise UsageError(f"`name={wanted.name}`: no name of a folder; choose letters and digits")
    if _is_at_work(service, wanted.name):
        raise Refusal(HTTPStatus.CONFLICT, f"{wanted.name}: is in training already")
    service.children.start(KIND, _words(wanted), wanted.name)
    told = OneRun(**_facts(service, wanted.name))
    headers = {"Location": told.url}
    return JSONResponse(told.model_dump(by_alias=True), HTTPStatus.ACCEPTED, headers)


@router.delete("/{name}/process", status_code=HTTPStatus.NO_CONTENT)
def stop(request: Request, name: str) -> None:
    """Stop a training as Ctrl-C does: it saves, and can go on later."""
    service = service_of(request)
    child = service.children.newest(KIND, name)
    if child is not None and not child.ended:
        service.children.stop(child)
        return
    process_id = find_run(name).process_id
    if process_id is None:
        raise Refusal(HTTPStatus.CONFLICT, f"{name}: is not in training")
    interrupt(process_id)


@router.get("/{name}/events", response_class=StreamingResponse, responses=DESCRIBED)
def events(request: Request, name: str) -> StreamingResponse:
    """Numbers and events of a training as they come.

    ``metrics`` is a line of ``metrics.jsonl``, ``event`` one of ``events.jsonl``, ``state`` the
    training itself. Ids are the bytes of both that were told, so that ``Last-Event-ID`` goes on
    exactly. ``reset`` says that the training went back: everything comes again.
    """
    service = service_of(request)
    _facts(service, name)
    given = _PLACES.fullmatch(request.headers.get("last-event-id", ""))
    places = (int(given[1]), int(given[2])) if given else (0, 0)
    return stream(service, _news(service, name, *places))


def _is_at_work(service: Service, name: str) -> bool:
    child = service.children.newest(KIND, name)
    folder = run_folders().get(name)
    return bool((child and not child.ended) or (folder and folder.process_id))


def _words(wanted: NewRun) -> list[str]:
    """The arguments of ``soundgan train``."""
    known = prepared_folders()
    if wanted.data is not None and wanted.data not in known:
        raise UsageError(f"`data={wanted.data}`: no prepared folder of this name")
    if wanted.preset is not None and wanted.preset not in preset_names():
        near = did_you_mean(wanted.preset, preset_names())
        raise UsageError(f"`preset={wanted.preset}`: no such preset; {near}")
    parameters = {
        "run": RUNS / wanted.name,
        "json": True,
        "data": None if wanted.data is None else known[wanted.data],
        "config": wanted.preset,
    }
    return command_line(
        parameters | wanted.model_dump(include={"seed", "max_minutes", "max_steps"})
    )


def _facts(service: Service, name: str) -> dict[str, Any]:
    folder = run_folders().get(name)
    child = service.children.newest(KIND, name)
    if folder is None and child is None:
        raise not_found(f"{name}: no run of this name in {RUNS}/")
    folder = folder or RunFolder(RUNS / name)
    step, steps = int(folder.last(METRICS).get("step", 0)), folder.steps
    return {
        "name": name,
        "url": run_url(name),
        "state": _state(folder, child, step, steps),
        "step": step,
        "steps": steps,
        "labels": folder.labels,
        "health": folder.last(EVENTS).get("sentence"),
        "model": folder.model and service.shelf.hash_of(folder.model),
        "best": _best(service, folder),
        "message": child.lines[-1] if child and child.lines else None,
        "error": child.error if child else None,
        "previews": len(folder.previews()),
        "reports": [run_url(name, f"reports/{report}") for report in folder.reports()],
    }


def _best(service: Service, folder: RunFolder) -> Best | None:
    """As the model says."""
    said = service.shelf.provenance_of(folder.model) if folder.model else {}
    with suppress(KeyError, ValueError):
        return Best(step=said["best_step"], kernel_distance=said["kernel_distance"])
    return None


def _state(folder: RunFolder, child: Child | None, step: int, steps: int | None) -> RunState:
    if child and child.state in ("waiting", "failed"):
        return "waiting" if child.state == "waiting" else "failed"
    if folder.process_id or (child and child.state == "running"):
        return "training"
    return "finished" if folder.model and steps is not None and step >= steps else "stopped"


def _news(service: Service, name: str, metrics: int, happened: int) -> Iterator[str | None]:
    """Events of a training, those of one look together; ``None`` where there are none."""
    folder, state = RunFolder(RUNS / name), None
    while True:
        texts = []
        try:
            for line, happened in read_lines(folder.path / EVENTS, happened):  # noqa: B020
                texts.append(event("event", line, f"{metrics}-{happened}"))
            for line, metrics in read_lines(folder.path / METRICS, metrics):  # noqa: B020
                texts.append(event("metrics", line, f"{metrics}-{happened}"))
        except RewrittenError:
            metrics = happened = 0
            texts.append(event("reset", {}, "0-0"))
        try:
            facts = _facts(service, name)
        except Refusal:  # its folder is gone
            return
        if not texts and facts != state:
            state = facts
            texts.append(event("state", facts))
        yield "".join(texts) or None
