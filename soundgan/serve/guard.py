"""Who may ask: hosts, origins, tokens; and what every answer tells browsers to refuse.

A page of somebody else must not reach this service through its visitor's browser. A name that is
made to mean 127.0.0.1 is told by the ``Host`` header, everything else by ``Origin`` and
``Sec-Fetch-Site``, which browsers do not let pages choose.
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
import time
from collections.abc import Mapping
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from soundgan.serve.problems import Refusal, problem
from soundgan.serve.settings import LOOPBACK, Settings

COOKIE = "soundgan"
SAFE = ("GET", "HEAD", "OPTIONS")
OPEN = ("/healthz",)
"""What needs no token."""

RECEIVE_SECONDS = 60.0
"""For everything that a client sends with one request."""

CHANGES_PER_SECOND, MOST_CHANGES = 10.0, 100.0
"""Requests that change something: so many a second in the long run, and at once."""

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guard:
    """Refuses requests before anything else sees them.

    Args:
        app: What answers the others.
        settings: Of the service.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._changes, self._since = MOST_CHANGES, time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        request = Request(scope)
        out = _headed(send, without_body=request.method == "HEAD")
        try:
            self._demand(request)
        except Refusal as refusal:
            await problem(refusal)(scope, receive, out)
            return
        if shown := request.query_params.get("token"):
            await self._welcome(request, shown)(scope, receive, out)
            return
        if request.method == "HEAD":
            scope = {**scope, "method": "GET"}
        await self._app(scope, _limited(receive, self._settings.most_bytes), out)

    def _demand(self, request: Request) -> None:
        headers = request.headers
        demand_host(headers, self._settings)
        demand_same_site(request.method, headers)
        if request.method not in SAFE:
            self._demand_patience()
        size = headers.get("content-length", "0")
        if not size.isdecimal() or int(size[:20]) > self._settings.most_bytes:
            raise too_large(self._settings.most_bytes)
        token = self._settings.token
        if token is None or request.url.path in OPEN or "token" in request.query_params:
            return
        if not _same(token, token_in(headers)):
            raise Refusal(
                HTTPStatus.UNAUTHORIZED,
                "no token, or a wrong one; open the address that soundgan serve printed, or send "
                "Authorization: Bearer TOKEN",
                {"WWW-Authenticate": "Bearer"},
            )

    def _demand_patience(self) -> None:
        """A bucket of changes, which fills itself again."""
        now = time.monotonic()
        self._changes += (now - self._since) * CHANGES_PER_SECOND
        self._changes, self._since = min(self._changes, MOST_CHANGES), now
        if self._changes < 1.0:
            raise Refusal(
                HTTPStatus.TOO_MANY_REQUESTS,
                "too many changes at once; ask again in a second",
                {"Retry-After": "1"},
            )
        self._changes -= 1.0

    def _welcome(self, request: Request, shown: str) -> Response:
        """Keep the token as a cookie, and go on without it in the address."""
        token = self._settings.token
        rest = urlencode([(k, v) for k, v in parse_qsl(request.url.query) if k != "token"])
        response = RedirectResponse(
            request.url.path.replace("//", "/") + (f"?{rest}" if rest else ""), HTTPStatus.SEE_OTHER
        )
        if token is not None:
            if not _same(token, shown) or request.method not in SAFE:
                return problem(Refusal(HTTPStatus.UNAUTHORIZED, "a wrong token; see the terminal"))
            response.set_cookie(COOKIE, token, httponly=True, samesite="strict")
        return response


def demand_host(headers: Mapping[str, str], settings: Settings) -> None:
    """Refuse names that are none of this machine's.

    Raises:
        Refusal: Such a name, or another port.
    """
    given = headers.get("host", "")
    name, colon, port = given.rpartition(":")
    if not colon or port.endswith("]"):
        name, port = given, "80"
    name = name.removeprefix("[").removesuffix("]").lower()
    own = port == str(settings.port) and (name in LOOPBACK or name == settings.host)
    if not own and settings.token is not None and settings.host not in LOOPBACK:
        # An address cannot be made to mean another machine, as a name can.
        own = port == str(settings.port) and (name in _own_names() or _is_address(name))
    if not own:
        raise Refusal(
            HTTPStatus.MISDIRECTED_REQUEST,
            f"Host {given[:100]!r}: not this service; open {settings.url.partition('?')[0]}",
        )


def demand_same_site(method: str, headers: Mapping[str, str]) -> None:
    """Refuse what the page of another site asks for.

    Raises:
        Refusal: It does.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
    if origin is not None and origin != f"http://{headers.get('host', '')}":
        raise Refusal(HTTPStatus.FORBIDDEN, f"Origin {origin[:100]!r}: another site")
    followed = method in SAFE and headers.get("sec-fetch-mode") == "navigate"
    if site not in ("none", "same-origin") and not followed:
        raise Refusal(HTTPStatus.FORBIDDEN, f"Sec-Fetch-Site {site[:40]!r}: another site")


def token_in(headers: Mapping[str, str]) -> str:
    """The token that a client shows, by header or cookie; empty without one."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return "" if found is None else found.value


def too_large(most: int) -> Refusal:
    """For what has more bytes than are taken."""
    return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {most} bytes; send less")


def _same(token: str, shown: str) -> bool:
    return hmac.compare_digest(token.encode(), shown.encode("utf-8", "replace"))


def _own_names() -> set[str]:
    name = socket.gethostname().lower()
    return {name, f"{name}.local"}


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _headed(send: Send, *, without_body: bool) -> Send:
    """``send`` with what every answer tells browsers; for HEAD, without content."""

    async def out(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        elif without_body:
            message = {**message, "body": b""}
        await send(message)

    return out


def _limited(receive: Receive, most_bytes: int) -> Receive:
    """``receive``, which counts what comes, and does not wait for ever for it.

    Whoever says no length, or a wrong one, is stopped here.
    """
    n_bytes, ended, deadline = 0, False, time.monotonic() + RECEIVE_SECONDS

    async def counted() -> Message:
        nonlocal n_bytes, ended
        message = await receive()
        if message["type"] == "http.request":
            n_bytes += len(message.get("body", b""))
            ended = not message.get("more_body", False)
            # What reads a request lets only this kind of exception through.
            if n_bytes > most_bytes:
                refusal = too_large(most_bytes)
                raise HTTPException(refusal.status, str(refusal))
            if not ended and time.monotonic() > deadline:
                raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, "sent too slowly; try again")
        return message

    return counted
