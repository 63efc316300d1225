"""The service as an ASGI application."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from soundgan.serve import (
    datasets,
    health,
    kept,
    kits,
    map,
    models,
    near,
    pages,
    projections,
    runs,
    sounds,
)
from soundgan.serve.documents import Problem
from soundgan.serve.guard import Guard
from soundgan.serve.problems import MEDIA_TYPE, answer_with_problems
from soundgan.serve.service import Service
from soundgan.version import VERSION

PARTS = (models, sounds, near, map, kept, kits, projections, runs, datasets)


def make_app(service: Service) -> FastAPI:
    """All routes of ``service``, behind its guard."""
    app = FastAPI(
        title="soundgan",
        version=VERSION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    problems = {"model": Problem, "description": f"A problem of RFC 9457, as {MEDIA_TYPE}."}
    api = APIRouter(prefix="/api/v1", responses={"4XX": problems})
    for part in PARTS:
        api.include_router(part.router)
    app.include_router(api)
    app.include_router(health.router)
    app.include_router(pages.router)
    answer_with_problems(app)
    app.add_middleware(Guard, settings=service.settings)
    return app
