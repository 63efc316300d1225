"""Server-sent events: what happens, told to whoever listens, and continued exactly."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

from fastapi.responses import StreamingResponse

from soundgan.serve.service import Service

LOOK_SECONDS = 0.3
HEARTBEAT_SECONDS = 15.0
"""Of silence, after which a comment keeps the connection alive."""

DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


def event(kind: str, data: object, id: str | None = None) -> str:
    """One event in the form of the stream."""
    named = "" if id is None else f"id: {id}\n"
    return f"{named}event: {kind}\ndata: {json.dumps(data)}\n\n"


def stream(service: Service, news: Iterator[str | None]) -> StreamingResponse:
    """Tell ``news`` as it comes: texts, or ``None`` where there is nothing yet.

    Ends with the news, with the service, or when nobody listens any more.
    """

    async def told() -> AsyncIterator[str]:
        quiet_since = time.monotonic()
        yield ": begin\n\n"
        while not service.stopping.is_set():
            text = await asyncio.to_thread(next, news, "")
            if text == "":
                return
            if text is not None:
                quiet_since = time.monotonic()
                yield text
                continue
            if time.monotonic() - quiet_since > HEARTBEAT_SECONDS:
                quiet_since = time.monotonic()
                yield ": still here\n\n"
            await asyncio.sleep(LOOK_SECONDS)

    return StreamingResponse(
        told(),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
