"""A GPU that is listed, runs one small operation and then fails: what each command makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundgan.runtime import device as devices
from tests.conftest import Run
from tests.datasets import write_dataset
from tests.inference.conftest import write_model

GPU = "cuda:63"
SAID = f"{GPU} is not used for this model: it fails: "
WAY_OUT = f"working on the CPU (--device {GPU} uses it all the same)"


@pytest.fixture(autouse=True)
def a_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "available_devices", lambda: ("cpu", GPU))
    monkeypatch.setenv("SOUNDGAN_CACHE", str(tmp_path / "cache"))


def test_generate_makes_the_cpus_files_and_says_why(soundgan: Run, tmp_path: Path) -> None:
    model = write_model(tmp_path / "model.safetensors")
    arguments = ["generate", "-n", 1, "--model", model, "--out"]
    auto = soundgan(*arguments, tmp_path / "auto")
    cpu = soundgan(*arguments, tmp_path / "cpu", "--device", "cpu")
    assert (auto.code, cpu.code) == (0, 0)
    said = " ".join(auto.stderr.split())
    assert said.count(SAID) == 1
    assert said.count(WAY_OUT) == 1
    assert SAID not in " ".join(cpu.stderr.split())
    name = Path(cpu.stdout.strip()).name
    assert (tmp_path / "auto" / name).read_bytes() == (tmp_path / "cpu" / name).read_bytes()


def test_a_training_is_planned_for_the_cpu_and_says_why(soundgan: Run, tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "prepared", n_clips=24)
    outcome = soundgan("train", "--config", "tiny", "--data", data, "--dry-run")
    assert outcome.code == 0
    said = " ".join(outcome.stderr.split())
    assert SAID in said
    assert WAY_OUT in said
    assert "cpu (" in outcome.stdout
