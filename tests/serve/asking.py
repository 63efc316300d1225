"""A client that asks the service in this process, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx

from soundgan.serve.app import make_app
from soundgan.serve.service import Service
from soundgan.serve.settings import Settings

API = "/api/v1"


class Client:
    """Asks a service that it starts."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.service = Service.start(settings)
        self.app = make_app(self.service)
        self.base = f"http://127.0.0.1:{settings.port}"

    def ask(self, method: str, path: str, **rest: Any) -> httpx.Response:
        """One answer."""
        return self.ask_all([(method, path, rest)])[0]

    def ask_all(self, wanted: Sequence[tuple[str, str, dict[str, Any]]]) -> list[httpx.Response]:
        """Answers to everything, asked at once."""

        async def work() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=self.base) as client:
                asked = [client.request(method, path, **rest) for method, path, rest in wanted]
                return await asyncio.gather(*asked)

        return asyncio.run(work())

    def get(self, path: str, **rest: Any) -> httpx.Response:
        """An answer to GET."""
        return self.ask("GET", path, **rest)

    def api(self, path: str, **rest: Any) -> Any:
        """What the API says, which must be a success."""
        found = self.get(API + path, **rest)
        assert found.status_code == 200, found.text
        return found.json()

    @property
    def drums(self) -> str:
        """The hash of the bundled drums."""
        (found,) = [one["hash"] for one in self.api("/models")["models"] if one["name"] == "drums"]
        return str(found)

    def sounds(self, path: str, **rest: Any) -> httpx.Response:
        """An answer about a sound of the bundled drums."""
        return self.get(f"{API}/models/{self.drums}/sounds/{path}", **rest)

    def close(self) -> None:
        """Stop its threads."""
        self.service.close()
