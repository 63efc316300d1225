"""What a training leaves to look at and to listen to: previews of fixed seeds, and reports."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from soundgan.serve.answers import ANEW, TYPES, answer
from soundgan.serve.documents import Document
from soundgan.serve.problems import not_found
from soundgan.serve.reports import REPORT_HEADERS
from soundgan.serve.run_folder import RunFolder, find_run, run_url

router = APIRouter(prefix="/runs", tags=["runs"])

_SOUND = re.compile(r"step-\d+-(?:(.*)-)?seed0*(\d+)\.wav")


class PreviewSound(BaseModel):
    """One of the sounds in a preview's picture.

    Attributes:
        name: Its class, if it has one, and its seed.
        url: Of the WAV.
    """

    name: str
    url: str


class Preview(BaseModel):
    """A picture of fixed seeds, and the sounds of the first few of them."""

    step: int
    url: str
    sounds: list[PreviewSound]


class Previews(Document):
    """Pictures of the same seeds, in the order of steps."""

    previews: list[Preview]


@router.get("/{name}/previews")
def previews(name: str) -> Previews:
    """Pictures and sounds of the same seeds at several steps."""
    folder = find_run(name)
    return Previews(previews=[_preview(folder, step) for step in folder.previews()])


@router.get(
    "/{name}/previews/{step}.png",
    response_class=Response,
    responses={200: {"content": {TYPES[".png"]: {}}}},
)
def preview(request: Request, name: str, step: int) -> Response:
    """A picture of fixed seeds."""
    path = find_run(name).previews().get(step)
    return answer(
        request, _content(path, f"{step}: no preview of this step"), TYPES[".png"], keep=ANEW
    )


@router.get(
    "/{name}/previews/{step}/{sound}",
    response_class=Response,
    responses={200: {"content": {TYPES[".wav"]: {}}}},
)
def preview_sound(request: Request, name: str, step: int, sound: str) -> Response:
    """A sound of a preview."""
    path = find_run(name).sounds(step).get(sound)
    content = _content(path, f"{sound}: no sound of this preview")
    return answer(request, content, TYPES[".wav"], keep=ANEW, name=sound)


@router.get(
    "/{name}/reports/{report}",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}}},
)
def report(request: Request, name: str, report: str) -> Response:
    """A page that ``soundgan evaluate`` has left."""
    path = find_run(name).reports().get(report)
    given = answer(request, _content(path, f"{report}: no such report"), TYPES[".html"], keep=ANEW)
    given.headers.update(REPORT_HEADERS)
    return given


def _preview(folder: RunFolder, step: int) -> Preview:
    below = f"previews/{step}"
    sounds = [
        PreviewSound(name=_spoken(name), url=run_url(folder.name, f"{below}/{quote(name)}"))
        for name in folder.sounds(step)
    ]
    return Preview(step=step, url=run_url(folder.name, f"{below}.png"), sounds=sounds)


def _spoken(name: str) -> str:
    found = _SOUND.fullmatch(name)
    if found is None:
        return name
    return f"{found[1]}, seed {found[2]}" if found[1] else f"seed {found[2]}"


def _content(path: Path | None, missing: str) -> bytes:
    if path is None or not path.is_file():
        raise not_found(missing)
    return path.read_bytes()
