from __future__ import annotations

from pathlib import Path

import pytest

from soundgan.config.presets import find_config
from soundgan.inference.parity import Parity
from soundgan.pipelines.bench.effort import Effort
from soundgan.pipelines.bench.rows import BenchPlan, Row, SoundSpeed
from soundgan.pipelines.bench.sounds import BatchSpeed, Stages
from soundgan.pipelines.bench.training import Training
from soundgan.runtime.ceilings import Rates
from soundgan.runtime.timing import Timing
from tests.inference.conftest import write_model

ONCE = Effort(repeats=1, at_most_s=0.0, sounds=2, sounds_s=60.0, training_steps=1, training_s=60.0)


def timing(median_s: float, *, n: int = 7) -> Timing:
    """Quartiles 10 % below and 20 % above the median."""
    return Timing(median_s, 0.9 * median_s, 1.2 * median_s, n)


@pytest.fixture
def row() -> Row:
    """A measured row of round numbers; its best batch is 8."""
    batches = (
        BatchSpeed(1, generator=timing(0.004), sounds=timing(1.0), n_sounds=16),
        BatchSpeed(8, generator=timing(0.008), sounds=timing(0.5), n_sounds=16),
        BatchSpeed(32, generator=timing(0.032), sounds=timing(2.0), n_sounds=32),
    )
    stages = Stages(generator=timing(0.001), inversion=timing(0.006), writing=timing(0.001))
    return Row(
        device="cpu",
        hardware="cpu (2 threads)",
        precision="float32",
        parity=Parity(True, 0.0, 0.01),
        rates=Rates(flops_per_s=1e11, bytes_per_s=2e10),
        sounds=SoundSpeed(timing(0.02), timing(0.01), stages, batches, {}),
        generator_limits={1: 0.25, 8: 0.5, 32: 0.75},
        training=Training("fast", 1000, 16, 10**9, timing(0.25), 0.25),
        training_limit=0.04,
        peak_bytes={"sounds": 600_000_000, "training": 1_200_000_000},
    )


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("bench") / "model.safetensors")


@pytest.fixture
def plan(model: Path, tmp_path: Path) -> BenchPlan:
    """The least that can be measured: everything once."""
    return BenchPlan(model, find_config("tiny"), (1, 2), ONCE, tmp_path)
