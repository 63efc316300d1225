"""``/`` and ``/page``: the files of the page, those that the package holds and no others."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from soundgan.serve.answers import ANEW, TYPES, answer
from soundgan.serve.problems import not_found

router = APIRouter(include_in_schema=False)

FOLDER = Path(__file__).parent / "page"


@router.get("/")
def index(request: Request) -> Response:
    """The page."""
    return _file(request, "index.html")


@router.get("/page/{name:path}")
def file(request: Request, name: str) -> Response:
    """A file of the page."""
    return _file(request, name)


def _file(request: Request, name: str) -> Response:
    found = _listed().get(name)
    if found is None:
        raise not_found(f"{name}: no file of the page")
    return answer(request, found.read_bytes(), TYPES[found.suffix], keep=ANEW)


@cache
def _listed() -> dict[str, Path]:
    """The files of the page by their names."""
    files = (path for path in FOLDER.rglob("*") if path.is_file() and path.suffix in TYPES)
    return {path.relative_to(FOLDER).as_posix(): path for path in files}
