"""From a socket to its end: the service as ``soundgan serve`` runs it."""

from __future__ import annotations

import errno
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType

import uvicorn

from soundgan.errors import UsageError
from soundgan.runtime import memory
from soundgan.runtime.files import reason
from soundgan.serve.app import make_app
from soundgan.serve.patience import PatientProtocol
from soundgan.serve.service import Service
from soundgan.serve.settings import LOOPBACK, Settings

MOST_CONNECTIONS = 512
GRACE_SECONDS = 10
"""For answers that are being given when somebody asks to stop."""


def serve(
    *,
    model: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 8765,
    allow_remote: bool = False,
    token: bool = False,
    started: Callable[[str], object] = lambda url: None,
) -> None:
    """Answer requests until somebody asks to stop, as Ctrl-C does.

    Args:
        model: A model beside those that are found.
        host: Address to listen on.
        port: Of it; 0 takes any that is free.
        allow_remote: Whether other machines may ask.
        token: Demand a token on this machine too.
        started: Called with what to open in a browser.

    Raises:
        UsageError: No such model or address, or it is not this machine alone's.
        KeyboardInterrupt: Somebody asked to stop.
    """
    if host not in LOOPBACK and not allow_remote:
        raise UsageError(
            f"`host={host}`: lets other machines ask; add `allow_remote` if they should"
        )
    memory.keep_freed_memory()
    listening = _listen(host, port)
    with listening:
        secret = secrets.token_urlsafe(24) if token or host not in LOOPBACK else None
        settings = Settings(model=model, host=host, port=port, token=secret)
        service = Service.start(replace(settings, port=listening.getsockname()[1]))
        try:
            server = _Server(service)
            server.started_at = lambda: started(service.settings.url)
            server.run(sockets=[listening])
        finally:
            service.close()


class _Server(uvicorn.Server):
    """uvicorn, which tells the service as soon as somebody asks to stop."""

    def __init__(self, service: Service) -> None:
        config = uvicorn.Config(
            make_app(service),
            log_config=None,
            access_log=False,
            server_header=False,
            http=PatientProtocol,
            ws="none",
            lifespan="off",
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        super().__init__(config)
        self._service = service
        self.started_at: Callable[[], object] = lambda: None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.started_at()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._service.stopping.set()
        super().handle_exit(sig, frame)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that is bound already, so that the port is known."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        if os.name != "nt":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except (OSError, ValueError) as error:
        listening.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise UsageError(f"`port={port}`: in use already; choose another") from error
        why = reason(error) if isinstance(error, OSError) else "no address of this machine"
        raise UsageError(f"`host={host}`, `port={port}`: {why}") from error
    return listening
