"""Files per second of ``soundgan prepare`` against the loop one would write by hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

COPIES = int(os.environ.get("SOUNDGAN_BENCHMARK_COPIES", "4"))
"""How many times over the digits are prepared; 10 for the numbers in the documents."""

BASELINE_FILES = 600
SMALL_FILES = 64


@pytest.fixture
def digits(fsdd: Path, tmp_path: Path) -> Path:
    """Copies of the digits that differ in one sample each, so that none is a duplicate."""
    for copy in range(COPIES):
        folder = tmp_path / "digits" / str(copy)
        folder.mkdir(parents=True)
        for path in sorted(fsdd.rglob("*.wav")):
            content = bytearray(path.read_bytes())
            content[44 + (len(content) - 44) // 4 * 2] ^= copy
            (folder / path.name).write_bytes(content)
    return tmp_path / "digits"


@pytest.mark.benchmark
def test_prepare_is_four_times_as_fast_as_a_loop_of_librosa(digits: Path, tmp_path: Path) -> None:
    files = sorted(digits.rglob("*.wav"))
    small = tmp_path / "small"
    small.mkdir()
    for path in files[:SMALL_FILES]:
        shutil.copy(path, small)
    baseline = librosa_rate(files[:: max(1, len(files) // BASELINE_FILES)])
    start_up = min(prepare_seconds(small, tmp_path / f"small-out{i}") for i in range(2))
    whole = prepare_seconds(digits, tmp_path / "out")
    ours = (len(files) - SMALL_FILES) / (whole - start_up)
    print(
        f"\nprepare: {len(files)} files in {whole:.1f} s, {start_up:.1f} s of it start-up: "
        f"{ours:.0f} files/s; librosa loop: {baseline:.0f} files/s; ratio {ours / baseline:.1f}"
    )
    assert ours >= 4 * baseline


LOOP = """
import sys, time, warnings
import librosa
warnings.simplefilter("ignore")

def work(path):
    waveform, rate = librosa.load(path, sr=None)
    trimmed, _ = librosa.effects.trim(waveform)
    librosa.feature.melspectrogram(y=trimmed, sr=rate)

files = sys.stdin.read().split("\\0")
work(files[0])
began = time.perf_counter()
for path in files:
    work(path)
print(len(files) / (time.perf_counter() - began))
"""


def librosa_rate(files: list[Path]) -> float:
    """Files per second of the loop in a process of its own, imports excluded.

    One thread for its matrices: more do not help it here, and hurt it on a busy machine.
    """
    result = subprocess.run(
        [sys.executable, "-c", LOOP],
        input="\0".join(map(str, files)),
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    return float(result.stdout)


def prepare_seconds(source: Path, out: Path) -> float:
    """Seconds of the whole command in a process of its own."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "soundgan", "prepare", source, "--out", out, "--quiet",
         "--label-pattern", r"^(?P<label>\d)_"],
        check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - began
