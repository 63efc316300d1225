"""Files that clients send, and folders that are gone afterwards."""

from __future__ import annotations

import asyncio
import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import Request

from soundgan.errors import UsageError
from soundgan.serve.problems import Refusal

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""How the schema describes such a request."""

ACCEPTED = ("audio/", "image/", "video/", "application/octet-stream", "application/ogg")
"""None of which a form of another site can send."""


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for what is not kept; ``cleanup`` removes it."""
    return tempfile.TemporaryDirectory(prefix="soundgan-serve-", ignore_cleanup_errors=True)


async def receive(request: Request, path: Path) -> int:
    """Write the body of a request to a file; its size in bytes, which the guard limits.

    Raises:
        Refusal: It is something else than a file.
        UsageError: It is empty.
    """
    kind = request.headers.get("content-type", "")
    if not kind.startswith(ACCEPTED):
        raise Refusal(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"Content-Type {kind[:100]!r}: send the file itself as audio/..., image/... or "
            "application/octet-stream",
        )
    n_bytes = 0
    with path.open("wb") as file:
        async for part in request.stream():
            n_bytes += len(part)
            await asyncio.to_thread(file.write, part)
    if not n_bytes:
        raise UsageError("an empty file")
    return n_bytes
