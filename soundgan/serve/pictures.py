"""``/api/v1/pictures``: spectrogram pictures as sounds, and what was assumed about them."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from soundgan.ranges import INVERT, Range
from soundgan.runtime.file_names import file_name
from soundgan.runtime.files import remove
from soundgan.serve.answers import ANEW, TYPES, answer
from soundgan.serve.documents import Document
from soundgan.serve.picture_store import Inverted
from soundgan.serve.service import service_of
from soundgan.serve.sounds import API
from soundgan.serve.uploads import BODY, receive
from soundgan.spelling import command_line

router = APIRouter(prefix="/pictures", tags=["pictures"])


def _whole(allowed: Range) -> Any:
    return Field(default=None, ge=int(allowed.low), le=int(allowed.high))


def _number(allowed: Range) -> Any:
    return Field(default=None, ge=allowed.low, le=allowed.high)


class Corrections(BaseModel):
    """What is known about a picture; the options of ``soundgan invert``."""

    model_config = ConfigDict(extra="forbid")

    seconds: float | None = _number(INVERT["seconds"])
    sample_rate: int | None = _whole(INVERT["sample_rate"])
    axis: Literal["linear", "log", "mel", "mel_htk", "librosa_log", "librosa_mel"] | None = None
    f_min: float | None = _number(INVERT["f_min"])
    f_max: float | None = _number(INVERT["f_max"])
    range_db: float | None = _number(INVERT["range_db"])
    colormap: str | None = Field(default=None, max_length=60)
    crop: str | None = Field(default=None, max_length=60)
    panel: int | None = _whole(INVERT["panel"])
    n_fft: int | None = _whole(INVERT["n_fft"])
    levels: str | None = Field(default=None, max_length=60)
    time: Literal["right", "left", "up", "down"] | None = None
    flip: bool | None = None
    overlays: Literal["fill", "keep"] | None = None
    method: str | None = Field(default=None, max_length=60)
    iterations: int | None = _whole(INVERT["iterations"])
    seed: int | None = _whole(INVERT["seed"])

    def given(self) -> dict[str, Any]:
        """Those that are."""
        known = self.model_dump().items()
        return {name: value for name, value in known if value is not None and value is not False}

    def words(self) -> list[str]:
        """As options of the command."""
        return command_line(self.given())


class Assumption(BaseModel):
    """Something that the picture does not say, or that was read from it.

    Attributes:
        name: What it is.
        value: What it was taken for.
        parameter: The query parameter that changes it.
        why: How it was found.
        read: Whether it was read from the picture.
    """

    name: str
    value: Any
    parameter: str
    why: str
    read: bool


class PictureFacts(Document):
    """What was understood of a picture.

    Attributes:
        id: What names it.
        url: Where this is, with its corrections.
        wav: Where the sound is.
        own_picture: Whether soundgan drew it, which needs no assumptions.
        method: Of phase reconstruction.
        sample_rate: Of the sound, Hz.
        n_samples: Its length.
        assumed: What was assumed.
    """

    id: str
    url: str
    wav: str
    own_picture: bool
    method: str
    sample_rate: int
    n_samples: int
    assumed: list[Assumption]


class NamedCorrections(Corrections):
    """The same, and what the picture is called."""

    name: str = Field(default="picture.png", min_length=1, max_length=200)

    def given(self) -> dict[str, Any]:
        """What is known."""
        return {key: value for key, value in super().given().items() if key != "name"}


Known = Annotated[Corrections, Query()]
Named = Annotated[NamedCorrections, Query()]


@router.post("", status_code=HTTPStatus.CREATED, response_model=PictureFacts, openapi_extra=BODY)
async def send(request: Request, known: Named) -> Response:
    """Turn a picture, the body, into a sound, and say what was assumed."""
    store = service_of(request).pictures
    path = store.new_path()
    try:
        await receive(request, path)
        id = await asyncio.to_thread(store.add, path, file_name(known.name))
    finally:
        remove(path)
    made = await asyncio.to_thread(store.invert, id, known.words())
    facts = _facts(id, known, made)
    headers = {"Location": facts.url}
    return JSONResponse(facts.model_dump(by_alias=True), HTTPStatus.CREATED, headers)


@router.get(
    "/{id}.wav",
    response_class=Response,
    responses={200: {"content": {TYPES[".wav"]: {"schema": {"type": "string"}}}}},
)
def wav(request: Request, id: str, known: Known) -> Response:
    """The sound of a picture."""
    made = service_of(request).pictures.invert(id, known.words())
    return answer(request, made.wav, TYPES[".wav"], keep=ANEW, name=f"picture-{id}.wav")


@router.get("/{id}")
def picture(request: Request, id: str, known: Known) -> PictureFacts:
    """What was understood of a picture, with some of it corrected."""
    return _facts(id, known, service_of(request).pictures.invert(id, known.words()))


def _facts(id: str, known: Corrections, made: Inverted) -> PictureFacts:
    query = urlencode(known.given())
    facts = made.facts
    return PictureFacts(
        id=id,
        url=f"{API}/pictures/{id}" + (f"?{query}" if query else ""),
        wav=f"{API}/pictures/{id}.wav" + (f"?{query}" if query else ""),
        own_picture=facts["own_picture"],
        method=facts["method"],
        sample_rate=facts["sample_rate"],
        n_samples=facts["n_samples"],
        assumed=[
            Assumption(
                name=one["name"],
                value=one["value"],
                parameter=one["option"].partition(" ")[0].lstrip("-").replace("-", "_"),
                why=one["why"],
                read=one["read"],
            )
            for one in facts["assumed"]
        ],
    )
