"""What a service is started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "::1")

FAVOURITES = "favourites.json"


@dataclass(frozen=True)
class Settings:
    """What a service is started with.

    Attributes:
        folder: The working folder; ``runs/``, ``codes/`` and the favourites are in it.
        model: A model beside those that are found, listed first.
        host: Address that it listens on.
        port: Its port.
        token: What clients must show; ``None`` where anyone on this machine may ask.
        most_waiting: Sounds that may wait; more are refused with 429.
        most_bytes: Of anything that is sent to it.
    """

    folder: Path = field(default_factory=Path.cwd)
    model: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8765
    token: str | None = None
    most_waiting: int = 512
    most_bytes: int = 64 << 20

    @property
    def url(self) -> str:
        """What to open in a browser; with the token, which the page keeps as a cookie."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        host = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)
        return f"http://{host}:{self.port}/" + (f"?token={self.token}" if self.token else "")
