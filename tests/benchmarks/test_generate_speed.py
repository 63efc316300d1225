"""``soundgan generate`` end to end against its compute, and against the length of the sound.

Run with ``pytest -m benchmark -s tests/benchmarks/test_generate_speed.py`` on a quiet machine, two
threads. Networks are untrained: their speed is that of trained ones.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import torch

from soundgan.assembly.networks import build_generator
from soundgan.codec.build import build_codec, resolve
from soundgan.config.load import load_config
from soundgan.inference.latents import draw_labels, draw_latents
from soundgan.inference.model_file import ModelDescription, load_model, save_model
from soundgan.pipelines.generate import GenerateRequest, generate
from soundgan.reporting import SilentReporter
from soundgan.runtime.memory import keep_freed_memory
from soundgan.shapes import ClipSpec
from tests.benchmarks.conftest import THREADS

pytestmark = [pytest.mark.benchmark, pytest.mark.usefixtures("two_threads")]

CONFIGS = Path(__file__).parents[2] / "configs"
CLIP = ClipSpec(sample_rate=8000, n_samples=5120)
LABELS = tuple("0123456789")
COUNT = 200


def untrained(preset: str, folder: Path) -> Path:
    loaded = load_config(str(CONFIGS / f"{preset}.toml"))
    config = resolve(loaded.config, CLIP, loaded.place, conditional=True)
    codec = build_codec(config, CLIP, preset)
    generator = build_generator(config, codec.shape, len(LABELS), preset, seed=0)
    noise = torch.randn(64, CLIP.n_samples, generator=torch.Generator().manual_seed(0))
    codec.fit([noise * 0.1])
    path = folder / f"{preset}.safetensors"
    description = ModelDescription(config, CLIP, LABELS, {})
    save_model(path, description, generator.state_dict(), codec.statistics())
    return path


def compute_seconds(path: Path, n: int) -> float:
    """Of generator and inversion for a sound, one at a time on one core."""
    model = load_model(path)
    latents = draw_latents(range(n), model.generator.latent_dim, truncation=1.0)
    labels = draw_labels(range(n), len(LABELS))
    torch.set_num_threads(1)
    with torch.inference_mode():
        for turn in range(n + 3):
            if turn == 3:
                began = time.perf_counter()
            row = slice(turn % n, turn % n + 1)
            model.codec.decode(model.generator(latents[row], labels[row]), [turn])
    torch.set_num_threads(THREADS)
    return (time.perf_counter() - began) / n


@pytest.mark.parametrize(
    ("preset", "times_real", "times_compute"), [("fast", 120, 1.3), ("base", 30, 1.3)]
)
def test_two_hundred_sounds_cost_little_beside_their_compute(
    preset: str, times_real: int, times_compute: float, tmp_path: Path
) -> None:
    """Small networks are many short operations, between which threads wait for each other."""
    keep_freed_memory()  # as the command does
    path = untrained(preset, tmp_path)
    generate(GenerateRequest(path, tmp_path / "first", 8, 0, device="cpu"), SilentReporter())
    began = time.perf_counter()
    generate(GenerateRequest(path, tmp_path / "all", COUNT, 0, device="cpu"), SilentReporter())
    seconds = time.perf_counter() - began
    least = compute_seconds(path, 48) * COUNT / THREADS
    real_time = COUNT * CLIP.n_samples / CLIP.sample_rate / seconds
    print(
        f"\n  {preset}: {COUNT} sounds in {seconds:.2f} s, {real_time:.0f}x real time; "
        f"{seconds / least:.2f}x the compute of generator and inversion"
    )
    assert seconds <= times_compute * least
    assert real_time >= times_real
