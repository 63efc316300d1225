"""From the command line to the first sound, against the import of torch and the model's compute.

Run with ``pytest -m benchmark -s tests/benchmarks/test_start_up.py`` on a quiet machine.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from soundgan.inference.model_file import load_model
from soundgan.inference.synthesis import synthesise
from soundgan.pipelines.find_model import bundled_folder

pytestmark = pytest.mark.benchmark

REPEATS = 7
MOST_TIMES = 1.6


def median_seconds(command: Sequence[str], folder: Path) -> float:
    """Of whole processes, after one that fills the disk cache."""
    times = []
    for _ in range(REPEATS + 1):
        began = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return sorted(times[1:])[REPEATS // 2]


def compute_seconds() -> float:
    """The bundled model's generator and inversion for one sound, loaded and warm."""
    model = load_model(bundled_folder() / "drums.safetensors")
    times = []
    for _ in range(REPEATS + 1):
        began = time.perf_counter()
        list(synthesise(model, [0], jobs=1))
        times.append(time.perf_counter() - began)
    return sorted(times[1:])[REPEATS // 2]


def test_the_first_sound_comes_soon_after_the_libraries(tmp_path: Path) -> None:
    libraries = median_seconds([sys.executable, "-c", "import torch"], tmp_path)
    whole = median_seconds(
        [sys.executable, "-m", "soundgan", "generate", "-n", "1", "--device", "cpu", "--overwrite",
         "--quiet"],
        tmp_path,
    )  # fmt: skip
    least = libraries + compute_seconds()
    print(
        f"\n  import torch {libraries:.2f} s, generate -n 1 {whole:.2f} s: "
        f"{whole / least:.2f}x the import and the model's compute"
    )
    assert whole <= MOST_TIMES * least
