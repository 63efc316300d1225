"""Clients that ask a service for ever new sounds, as a program: ``URL SECONDS FIRST``.

``URL`` is followed by a seed and ``.wav``. They are httpx, which programs use, and tell in JSON how
long each answer took and how many were lost.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import httpx

CLIENTS = 32


async def load(sounds: str, seconds: float, first: int) -> tuple[list[float], int]:
    """How long each answer took in seconds, and how many were none."""
    times, lost, until = list[float](), 0, time.perf_counter() + seconds

    async def work(client: httpx.AsyncClient, seed: int) -> None:
        nonlocal lost
        while time.perf_counter() < until:
            began = time.perf_counter()
            found = await client.get(f"{sounds}{seed}.wav")
            times.append(time.perf_counter() - began)
            lost += found.content[:4] != b"RIFF"
            seed += CLIENTS

    async with httpx.AsyncClient(timeout=60.0) as client:
        await asyncio.gather(*(work(client, first + number) for number in range(CLIENTS)))
    return times, lost


if __name__ == "__main__":
    print(json.dumps(asyncio.run(load(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))))
