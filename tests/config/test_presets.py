"""Every shipped preset takes two steps, at a width that a test can afford."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundgan.config.presets import preset_names
from soundgan.inference.model_file import describe_model
from tests.conftest import Run
from tests.datasets import write_dataset
from tests.narrow import narrow

pytestmark = pytest.mark.usefixtures("plain_curves")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "prepared", n_clips=12)


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_trains(name: str, data: Path, soundgan: Run, tmp_path: Path) -> None:
    run = tmp_path / "run"
    arguments = ["train", "--config", name, "--data", data, "--run", run, "--max-steps", 2]
    small = [part for override in narrow(name) for part in ("--set", override)]
    outcome = soundgan(*arguments, *small)
    assert outcome.code == 0, outcome.stderr
    assert describe_model(run / "model.safetensors").provenance["step"] == 2
    assert soundgan("generate", "-n", 1, "--model", run, "--out", tmp_path / "out").code == 0
