"""Clients that send their requests too slowly."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest
import uvicorn
from uvicorn.server import ServerState

from soundgan.serve import patience
from tests.serve.asking import Client

REQUEST = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:8765\r\n"

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]


def talked(client: Client, talk: Talk) -> bytes:
    """What a client hears that talks to the service by a connection of its own."""

    async def work() -> bytes:
        config = uvicorn.Config(client.app, log_config=None, lifespan="off", ws="none")
        config.load()
        state = ServerState()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        await asyncio.get_running_loop().connect_accepted_socket(
            lambda: patience.PatientProtocol(config, state, {}), ours
        )
        reader, writer = await asyncio.open_connection(sock=theirs)
        try:
            return await asyncio.wait_for(talk(reader, writer), 30)
        finally:
            writer.close()

    return asyncio.run(work())


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.4)


async def asks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    writer.write(REQUEST + b"\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    await reader.readexactly(size)
    return head


def test_a_client_that_says_nothing_is_let_go(client: Client) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        return await reader.read()

    assert talked(client, silent) == b""


@pytest.mark.slow
def test_a_head_that_comes_byte_by_byte_is_not_waited_for(client: Client) -> None:
    async def dripping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        for number in range(1000):
            if reader.at_eof():
                return b"closed"
            writer.write(REQUEST[number % 40 : number % 40 + 1].replace(b"\n", b"x"))
            await asyncio.sleep(0.02)
        return b"still open"

    assert talked(client, dripping) == b"closed"


@pytest.mark.slow
def test_the_second_head_of_a_connection_is_not_waited_for_either(client: Client) -> None:
    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        head = await asks(reader, writer)
        writer.write(REQUEST)
        return head + await reader.read()

    heard = talked(client, twice)
    assert heard.startswith(b"HTTP/1.1 200")
    assert heard.count(b"HTTP/1.1") == 1


@pytest.mark.slow
def test_whoever_asks_in_time_is_answered_as_often_as_he_likes(client: Client) -> None:
    async def patient(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        heads = b""
        for _ in range(4):
            heads += await asks(reader, writer)
            await asyncio.sleep(0.25)
        return heads

    assert talked(client, patient).count(b"HTTP/1.1 200") == 4
