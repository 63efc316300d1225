"""Bytes as an answer: strong ETag, 304, one range, a file's name."""

from __future__ import annotations

import re
from http import HTTPStatus
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from soundgan.runtime.files import sha256
from soundgan.serve.problems import Refusal

FOR_EVER = "private, max-age=31536000, immutable"
"""Of what its URL says completely."""

ANEW = "no-cache"
"""Kept, but asked after every time."""

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".flac": "audio/flac",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wav": "audio/wav",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}

_RANGE = re.compile(r"bytes=(\d*)-(\d*)\s*")


def answer(
    request: Request, content: bytes, media_type: str, *, keep: str, name: str | None = None
) -> Response:
    """``content``, or the part that was asked for, or that the client has it already.

    Args:
        request: What was asked.
        content: All of it.
        media_type: Of the content.
        keep: How long clients may keep it.
        name: What to call it as a file.

    Raises:
        Refusal: The range lies behind the end.
    """
    headers = {
        "ETag": etag_of(content),
        "Cache-Control": keep,
        "Accept-Ranges": "bytes",
    }
    if name is not None:
        headers["Content-Disposition"] = disposition(name)
    if matches(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    part = _part(request, len(content), headers["ETag"])
    if part is None:
        return Response(content, headers=headers, media_type=media_type)
    headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(content)}"
    return Response(
        content[part.start : part.stop],
        HTTPStatus.PARTIAL_CONTENT,
        headers=headers,
        media_type=media_type,
    )


def etag_of(content: bytes) -> str:
    """The strong ETag of some bytes."""
    return f'"{sha256(content)}"'


def matches(condition: str | None, etag: str) -> bool:
    """Whether an ``If-None-Match`` or ``If-Match`` names this ETag."""
    if condition is None:
        return False
    given = {part.strip().removeprefix("W/") for part in condition.split(",")}
    return "*" in given or etag in given


def disposition(name: str) -> str:
    """``Content-Disposition`` of a file's name, whatever letters it has."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    extended = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'inline; filename="{plain}"{extended}'


def _part(request: Request, size: int, etag: str) -> range | None:
    """The one range that was asked for; ``None`` for everything, also where several were."""
    found = _RANGE.fullmatch(request.headers.get("range", ""))
    if found is None or request.headers.get("if-range", etag) != etag:
        return None
    first, last = found.groups()
    if not (first or last) or len(first) > 18 or len(last) > 18:
        return None
    if first:
        part = range(int(first), min(int(last) + 1, size) if last else size)
        backwards = bool(last) and int(last) < int(first)
    else:
        part, backwards = range(max(0, size - int(last)), size), False
    if backwards:
        return None
    if part.start >= size:
        raise Refusal(
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            f"{request.headers['range']}: there are {size} bytes",
            {"Content-Range": f"bytes */{size}"},
        )
    return part
