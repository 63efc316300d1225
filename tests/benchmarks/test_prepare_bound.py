"""``soundgan prepare`` against decoding and resampling alone, and how its cost grows.

Run with ``pytest -m benchmark -s tests/benchmarks/test_prepare_bound.py`` on a quiet machine. The
files are drums at 44.1 kHz, one to four seconds each; the bound is soundfile and soxr, at
the quality that ``prepare`` uses, in as many processes, start-up apart.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundgan.drums.voices import VOICES

pytestmark = pytest.mark.benchmark

RATE, TARGET, JOBS = 44_100, 22_050, 2
SIZES = (100, 400, 1600)
MOST_TIMES = 2.5
"""Hashes, the survey, levels and shards come on top of decoding: docs/speed.md has the shares."""

BOUND = f"""
import sys, time
import soundfile, soxr
from soundgan.audio.resample import QUALITY

files = sys.stdin.read().split("\\0")
def work(path):
    waveform, rate = soundfile.read(path, dtype="float32")
    soxr.resample(waveform, rate, {TARGET}, quality=QUALITY)

work(files[0])
began = time.perf_counter()
for path in files:
    work(path)
print(time.perf_counter() - began)
"""

MEASURED = f"""
import resource, subprocess, sys
source, out = sys.argv[1:]
subprocess.run([sys.executable, "-m", "soundgan", "prepare", source, "--out", out, "--quiet",
                "--sample-rate", "{TARGET}", "--jobs", "{JOBS}"], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""


def write_drums(folder: Path, n_files: int) -> list[Path]:
    folder.mkdir()
    names = sorted(VOICES)
    files = []
    for i in range(n_files):
        rng = np.random.default_rng(i)
        hits = [VOICES[names[i % len(names)]](rng, RATE) for _ in range(1 + i % 4)]
        sound = np.concatenate([np.pad(hit, (0, RATE))[:RATE] for hit in hits])
        files.append(folder / f"{names[i % len(names)]}_{i}.wav")
        soundfile.write(files[-1], 0.9 * sound / np.abs(sound).max(), RATE, subtype="PCM_16")
    return files


def bound_seconds(files: list[Path]) -> float:
    """Of the slowest of the processes that share the files."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", BOUND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            text=True,
        )
        for _ in range(JOBS)
    ]
    for start, process in enumerate(running):
        assert process.stdin is not None
        process.stdin.write("\0".join(map(str, files[start::JOBS])))
        process.stdin.close()
    seconds = []
    for process in running:
        with process:
            assert process.stdout is not None
            seconds.append(float(process.stdout.read()))
    return max(seconds)


@dataclass(frozen=True)
class Cost:
    """Seconds of the whole command, and its largest process."""

    seconds: float
    megabytes: float


def prepare(source: Path, out: Path) -> Cost:
    command = [sys.executable, "-c", MEASURED, str(source), str(out)]
    began = time.perf_counter()
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return Cost(time.perf_counter() - began, int(result.stderr.split()[-1]) / 1024)


def test_preparing_costs_little_beside_decoding_and_resampling(tmp_path: Path) -> None:
    costs, bounds = [], []
    print()
    for n_files in SIZES:
        files = write_drums(tmp_path / str(n_files), n_files)
        bounds.append(bound_seconds(files))
        costs.append(prepare(tmp_path / str(n_files), tmp_path / f"out{n_files}"))
        print(
            f"  {n_files} files: {costs[-1].seconds:.2f} s, {costs[-1].megabytes:.0f} MB; "
            f"decoding and resampling alone {bounds[-1]:.2f} s"
        )
    # Start-up is what is left when the cost of a file is taken away.
    a_file = (costs[-1].seconds - costs[0].seconds) / (SIZES[-1] - SIZES[0])
    a_bound = (bounds[-1] - bounds[0]) / (SIZES[-1] - SIZES[0])
    middle = costs[0].seconds + a_file * (SIZES[1] - SIZES[0])
    print(f"  a file {1e3 * a_file:.2f} ms, {a_file / a_bound:.2f}x its decoding and resampling")
    assert costs[1].seconds == pytest.approx(middle, rel=0.2)
    assert costs[-1].megabytes <= 1.15 * costs[0].megabytes
    assert a_file <= MOST_TIMES * a_bound
