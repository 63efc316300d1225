"""``/healthz`` and ``/metrics``: whether it answers, and how much it does."""

from __future__ import annotations

import psutil
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from soundgan.serve.documents import Document
from soundgan.serve.service import service_of
from soundgan.version import VERSION

router = APIRouter(tags=["service"])


class Health(Document):
    """That it answers."""

    status: str = "ok"
    version: str = VERSION


@router.get("/healthz")
async def healthz() -> Health:
    """Whether the service answers."""
    return Health()


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> str:
    """What it does, in Prometheus' text form."""
    kitchen = service_of(request).kitchen
    rows = (
        ("soundgan_sounds_total", "counter", "Sounds that were made.", kitchen.n_made),
        ("soundgan_sounds_waiting", "gauge", "Sounds that wait.", kitchen.n_waiting),
        (
            "process_resident_memory_bytes",
            "gauge",
            "Memory of the process.",
            psutil.Process().memory_info().rss,
        ),
    )
    return "".join(
        f"# HELP {name} {text}\n# TYPE {name} {kind}\n{name} {value}\n"
        for name, kind, text, value in rows
    )
