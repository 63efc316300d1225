from __future__ import annotations

from pathlib import Path

import pytest
import torch

from soundgan.assembly.assembly import assemble
from soundgan.config.load import load_config
from soundgan.errors import UsageError
from soundgan.inference import placement
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.inference.parity import Parity
from soundgan.inference.placement import device_for, device_to_train_on
from soundgan.models.contract import Generator
from soundgan.models.mlp import MLPGenerator
from soundgan.runtime import device as devices
from tests.inference.conftest import CLIP
from tests.listeners import Listener

GPU = "cuda:63"


@pytest.fixture(scope="module")
def model(model_path: Path) -> LoadedModel:
    return load_model(model_path)


@pytest.fixture(autouse=True)
def a_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "available_devices", lambda: ("cpu", GPU))
    monkeypatch.setenv("SOUNDGAN_CACHE", str(tmp_path))


def judge(monkeypatch: pytest.MonkeyPatch, parity: Parity) -> list[torch.device]:
    asked: list[torch.device] = []

    def cached_parity(_model: LoadedModel, device: torch.device) -> Parity:
        asked.append(device)
        return parity

    monkeypatch.setattr(placement, "cached_parity", cached_parity)
    return asked


def test_auto_takes_a_gpu_that_passed(model: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = judge(monkeypatch, Parity(True, 1e-6, 0.02))
    listener = Listener()
    assert device_for(model, "auto", listener) == torch.device(GPU)
    assert (asked, listener.warned) == ([torch.device(GPU)], [])


def test_auto_leaves_a_gpu_that_failed_and_says_why(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(monkeypatch, Parity(False, 1.0, 0.02, "its images are the same grey all over"))
    listener = Listener()
    assert device_for(model, "auto", listener) == torch.device("cpu")
    assert listener.warned == [
        f"{GPU} is not used for this model: its images are the same grey all over; "
        f"working on the CPU (`device={GPU}` uses it all the same)"
    ]


def test_a_gpu_that_raises_is_left_without_a_crash(model: LoadedModel) -> None:
    listener = Listener()  # the real check, of a device that cannot be here
    assert device_for(model, "auto", listener) == torch.device("cpu")
    assert "it fails: " in listener.warned[0]


@pytest.mark.parametrize("name", [GPU, "cpu"])
def test_a_device_asked_for_by_name_is_not_judged(
    name: str, model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = judge(monkeypatch, Parity(False, 1.0, 0.02, "it is broken"))
    listener = Listener()
    assert device_for(model, name, listener) == torch.device(name)
    assert (asked, listener.warned) == ([], [])


def test_without_a_gpu_auto_checks_nothing(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "available_devices", lambda: ("cpu",))
    asked = judge(monkeypatch, Parity(False, 1.0, 0.02, "it is broken"))
    assert device_for(model, "auto", Listener()) == torch.device("cpu")
    assert asked == []


def test_a_device_that_is_absent_is_refused(model: LoadedModel) -> None:
    with pytest.raises(UsageError, match=f"not present; choose from cpu, {GPU}"):
        device_for(model, "mps", Listener())


# -- before a training -------------------------------------------------------------------------


def place_training(name: str, listener: Listener, *overrides: str) -> torch.device:
    config = load_config("tiny", list(overrides)).config
    return device_to_train_on(assemble(config, CLIP, (), "tiny.toml"), name, listener)


def test_auto_trains_on_a_gpu_that_makes_the_images_of_the_configs_generator(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked: list[Generator] = []

    def check_generator(generator: Generator, _device: torch.device) -> Parity:
        checked.append(generator)
        return Parity(True, 0.0, 0.02)

    monkeypatch.setattr(placement, "check_generator", check_generator)
    found = place_training("auto", Listener(), "generator.name=mlp")
    assert found == torch.device(GPU)
    assert [type(generator) for generator in checked] == [MLPGenerator]
    assert not checked[0].training


def test_auto_does_not_train_on_a_gpu_that_fails() -> None:
    listener = Listener()
    assert place_training("auto", listener) == torch.device("cpu")
    assert "it fails: " in listener.warned[0]


def test_training_obeys_the_name_of_a_device() -> None:
    listener = Listener()
    assert place_training(GPU, listener) == torch.device(GPU)
    assert listener.warned == []
