"""The service as an ASGI application."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from soundgan.serve import (
    datasets,
    health,
    kept,
    kits,
    map,
    models,
    near,
    pages,
    pictures,
    projections,
    run_files,
    runs,
    sounds,
)
from soundgan.serve.documents import Problem
from soundgan.serve.guard import Guard
from soundgan.serve.problems import MEDIA_TYPE, answer_with_problems
from soundgan.serve.service import Service
from soundgan.serve.sounds import API
from soundgan.version import VERSION

SCHEMA = f"{API}/openapi.json"
PARTS = (models, sounds, near, map, kept, kits, projections, runs, run_files, datasets, pictures)


def make_app(service: Service) -> FastAPI:
    """All routes of ``service``, behind its guard."""
    app = FastAPI(
        title="soundgan",
        version=VERSION,
        openapi_url=SCHEMA,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation,
    )
    app.state.service = service
    problem = {"model": Problem, "description": "A problem, as in RFC 9457."}
    api = APIRouter(prefix=API, responses={"4XX": problem, "5XX": problem})
    for part in PARTS:
        api.include_router(part.router)
    app.include_router(api)
    app.include_router(health.router)
    app.include_router(pages.router)
    answer_with_problems(app)
    app.add_middleware(Guard, settings=service.settings)
    _tell_of_problems(app.openapi())
    return app


def _operation(route: APIRoute) -> str:
    """What generated clients call a route: ``runs_begin``."""
    part = str(route.tags[0]) if route.tags else "page"
    return f"{part}_{route.name}"


def _tell_of_problems(schema: dict[str, Any]) -> None:
    """Name the media type of problems, which the library takes for that of other answers."""
    for methods in schema["paths"].values():
        for said in methods.values():
            for code, response in said["responses"].items():
                if code in ("4XX", "5XX"):
                    response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
