"""Refusals as RFC 9457 problems, which carry the exit code and the text of the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from soundgan.errors import (
    ArtefactError,
    AudioError,
    DependencyError,
    ExitCode,
    LockedError,
    MemoryShortageError,
    NothingUsableError,
    OutputError,
    PictureError,
    SoundGANError,
    StorageError,
    UsageError,
)
from soundgan.serve.documents import Problem
from soundgan.spelling import with_options

MEDIA_TYPE = "application/problem+json"

STATUSES: Sequence[tuple[type[SoundGANError], HTTPStatus]] = (
    (UsageError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (AudioError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (PictureError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (NothingUsableError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (LockedError, HTTPStatus.CONFLICT),
    (StorageError, HTTPStatus.INSUFFICIENT_STORAGE),
    (OutputError, HTTPStatus.CONFLICT),
    (ArtefactError, HTTPStatus.CONFLICT),
    (DependencyError, HTTPStatus.NOT_IMPLEMENTED),
    (MemoryShortageError, HTTPStatus.SERVICE_UNAVAILABLE),
)
"""Of each kind of refusal, the narrower kinds first; what is not here is a 500."""


class Refusal(SoundGANError):  # noqa: N818 - what clients get, as StopAsked
    """A refusal that has a status of its own.

    Args:
        status: Of the answer.
        text: What went wrong, and what to do.
        headers: Of the answer.
        exit_code: What the command line would have ended with.
    """

    def __init__(
        self,
        status: HTTPStatus,
        text: str,
        headers: Mapping[str, str] | None = None,
        *,
        exit_code: int | None = None,
    ) -> None:
        super().__init__(text)
        self.exit_code = ExitCode(exit_code or ExitCode.USAGE)
        self.status = status
        self.headers = dict(headers or {})


def not_found(text: str) -> Refusal:
    """What was asked for is not among what is listed."""
    return Refusal(HTTPStatus.NOT_FOUND, text)


def problem(error: SoundGANError) -> Response:
    """The answer for a refusal."""
    text = with_options(str(error))
    if isinstance(error, Refusal):
        return _answer(error.status, text, error.exit_code, error.headers)
    kinds = (status for kind, status in STATUSES if isinstance(error, kind))
    return _answer(next(kinds, HTTPStatus.INTERNAL_SERVER_ERROR), text, error.exit_code)


def _answer(
    status: int, text: str, exit_code: int, headers: Mapping[str, str] | None = None
) -> Response:
    content = Problem(
        title=HTTPStatus(status).phrase, status=status, detail=text, exit_code=exit_code
    )
    return JSONResponse(
        content.model_dump(), status, {"Cache-Control": "no-store", **(headers or {})}, MEDIA_TYPE
    )


def answer_with_problems(app: FastAPI) -> None:
    """Let ``app`` answer every refusal with a problem."""

    @app.exception_handler(SoundGANError)
    def refused(request: Request, error: SoundGANError) -> Response:
        return problem(error)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        text = "; ".join(map(_told, error.errors()[:3]))
        return _answer(HTTPStatus.UNPROCESSABLE_ENTITY, text, ExitCode.USAGE)

    @app.exception_handler(HTTPException)
    def unknown(request: Request, error: HTTPException) -> Response:
        text = f"{request.url.path}: {str(error.detail).lower()}"
        return _answer(error.status_code, text, ExitCode.USAGE, error.headers)

    @app.exception_handler(Exception)
    def failed(request: Request, error: Exception) -> Response:
        text = "a fault of soundgan itself; its terminal tells more"
        return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, text, ExitCode.FAILED)


def _told(error: Mapping[str, object]) -> str:
    """One finding of a validation in the form of our messages."""
    where = error.get("loc")
    place = ".".join(map(str, where[1:])) if isinstance(where, tuple) else ""
    message = str(error.get("msg", "cannot be read"))
    return f"`{place}`: {message[:1].lower()}{message[1:]}" if place else message.lower()
