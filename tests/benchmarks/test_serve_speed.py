"""``soundgan serve`` under 32 clients against ``soundgan generate``; its first sound; ten minutes.

Run with ``pytest -m benchmark -s tests/benchmarks/test_serve_speed.py`` on a quiet machine. The
clients share the machine with the service.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from soundgan.pipelines.find_model import find_model
from soundgan.pipelines.generate import GenerateRequest, generate
from soundgan.reporting import SilentReporter
from soundgan.runtime.files import sha256_file
from tests.serve.test_run import ended, start

pytestmark = pytest.mark.benchmark

COUNT, CLIENTS = 480, 32
FILLED = 5000
"""Sounds after which it holds as many as it keeps, and the allocator what they need."""
ROOT = Path(__file__).resolve().parents[2]

CODE = """
import asyncio, json, sys, time
port, model, count, clients, first = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])

async def ask(reader, writer, path):
    began = time.perf_counter()
    writer.write(f"GET {path} HTTP/1.1\\r\\nHost: 127.0.0.1:{port}\\r\\n\\r\\n".encode())
    head = (await reader.readuntil(b"\\r\\n\\r\\n")).decode().lower()
    assert " 200 " in head, head
    size = int(head.split("content-length: ")[1].split("\\r\\n")[0])
    assert (await reader.readexactly(size))[:4] in (b"RIFF", b'{"sc'), path
    return time.perf_counter() - began

async def work(seeds, times):
    connection = await asyncio.open_connection("127.0.0.1", int(port))
    for seed in seeds:
        times.append(await ask(*connection, f"/api/v1/models/{model}/sounds/{seed}.wav"))
    connection[1].close()

async def main():
    warm, alone, times = [], [], []
    await work(range(3), warm)
    await asyncio.sleep(0.5)
    for seed in range(10):
        await work([10 + seed], alone)
    began = time.perf_counter()
    parts = [range(first + number, first + count, clients) for number in range(clients)]
    await asyncio.gather(*(work(part, times) for part in parts))
    took, times = time.perf_counter() - began, sorted(times)
    p99 = times[-len(times) // 100]
    print(json.dumps({"alone": sorted(alone)[5], "per_second": count / took, "p99": p99}))

asyncio.run(main())
"""


def test_many_clients_get_nearly_what_generate_makes(tmp_path: Path) -> None:
    model = find_model(Path("drums"), tmp_path)
    process, url = start(tmp_path, "--model", "drums", "--no-browser")
    try:
        port = url.rstrip("/").rpartition(":")[2]
        words = [port, sha256_file(model)[:16], str(COUNT), str(CLIENTS), "1000"]
        asked = subprocess.run(
            [sys.executable, "-c", CODE, *words], capture_output=True, text=True, check=False
        )
        assert asked.returncode == 0, asked.stderr
        found = json.loads(asked.stdout)
        memory, busy = memory_of(process.pid), cpu_of(process.pid)
        again = subprocess.run(
            [sys.executable, "-c", CODE, *words[:-1], "5000"], capture_output=True, check=False
        )
        assert again.returncode == 0
        growth = memory_of(process.pid) - memory
        served_cpu = (cpu_of(process.pid) - busy) / (COUNT + 13)  # with the first, lone ones
    finally:
        ended(process)
    began, busy = time.perf_counter(), time.process_time()
    generate(GenerateRequest(model, tmp_path / "out", COUNT, 1000, device="cpu"), SilentReporter())
    baseline = COUNT / (time.perf_counter() - began)
    cpu = (time.process_time() - busy) / COUNT
    share = found["per_second"] / baseline
    print(
        f"\n{found['per_second']:.1f} sounds/s for {CLIENTS} clients, {share:.2f} of generate; "
        f"alone {1000 * found['alone']:.0f} ms, p99 {1000 * found['p99']:.0f} ms; "
        f"memory {growth / 1e6:+.0f} MB over {COUNT} more sounds; a sound takes "
        f"{1000 * served_cpu:.1f} ms of processor, of generate {1000 * cpu:.1f} ms"
    )
    assert share >= 0.8
    assert found["alone"] <= 0.060


def test_minutes_of_load_lose_nothing_and_do_not_grow(tmp_path: Path) -> None:
    """Ten minutes, or ``SOUNDGAN_LOAD_SECONDS``, after so many sounds that its memory is full."""
    seconds = float(os.environ.get("SOUNDGAN_LOAD_SECONDS", "600"))
    model = find_model(Path("drums"), tmp_path)
    process, url = start(tmp_path, "--model", "drums", "--no-browser")
    sounds = f"{url}api/v1/models/{sha256_file(model)[:16]}/sounds/"
    try:
        made = 0
        while made < FILLED:
            made += len(load(sounds, 30.0, first=made)[0])
        memory = memory_of(process.pid)
        times, lost = load(sounds, seconds, first=10**6)
        growth = memory_of(process.pid) - memory
    finally:
        ended(process)
    p50, p99 = (sorted(times)[int(share * len(times))] for share in (0.5, 0.99))
    print(
        f"\n{len(times)} sounds in {seconds:.0f} s for {CLIENTS} clients, {lost} lost; median "
        f"{1000 * p50:.0f} ms, p99 {1000 * p99:.0f} ms, longest {1000 * max(times):.0f} ms; "
        f"memory {growth / 1e6:+.0f} MB"
    )
    assert lost == 0
    assert growth < 64e6


def load(sounds: str, seconds: float, *, first: int) -> tuple[list[float], int]:
    """What the clients of ``load.py`` tell."""
    command = [sys.executable, "-m", "tests.benchmarks.load", sounds, str(seconds), str(first)]
    asked = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert asked.returncode == 0, asked.stderr
    times, lost = json.loads(asked.stdout)
    return times, lost


def cpu_of(process_id: int) -> float:
    found = psutil.Process(process_id).cpu_times()
    return float(found.user + found.system)


def memory_of(process_id: int) -> int:
    return int(psutil.Process(process_id).memory_info().rss)
