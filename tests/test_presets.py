"""Every shipped preset takes two steps, at a width that a test can afford."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundgan.config.load import load_config
from soundgan.config.presets import preset_names
from soundgan.inference.model_file import describe_model
from tests.conftest import Run
from tests.datasets import write_dataset


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "prepared", n_clips=12)


def narrow(name: str) -> list[str]:
    """Options that shrink a preset's networks and batch, and nothing else."""
    config = load_config(name).config
    options = ["--set", "training.batch_size=4", "--set", "inversion.options.iterations=1"]
    for network in ("generator", "discriminator"):
        key = "hidden" if getattr(config, network).name == "mlp" else "width"
        options += ["--set", f"{network}.options.{key}=4"]
    if config.representation.name == "log_mel" and config.representation.options:
        options += ["--set", "representation.options.hop_length=64"]  # the clips are short
        options += ["--set", "representation.options.n_mels=300"]
    return options


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_trains(name: str, data: Path, soundgan: Run, tmp_path: Path) -> None:
    run = tmp_path / "run"
    arguments = ["train", "--config", name, "--data", data, "--run", run, "--max-steps", 2]
    outcome = soundgan(*arguments, *narrow(name))
    assert outcome.code == 0, outcome.stderr
    assert describe_model(run / "model.safetensors").provenance["step"] == 2
    assert soundgan("generate", "-n", 1, "--model", run, "--out", tmp_path / "out").code == 0
