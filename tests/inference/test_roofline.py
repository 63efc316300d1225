from __future__ import annotations

from pathlib import Path

import pytest
from torch import Tensor, nn

from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.inference.roofline import roofline_bound
from soundgan.runtime.ceilings import Rates
from tests.inference.conftest import write_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    path: Path = tmp_path_factory.mktemp("m") / "model.safetensors"
    return load_model(write_model(path, "generator.name=mlp", labels=()))


def test_operations_of_a_batch_are_two_per_weight_of_its_matrices(model: LoadedModel) -> None:
    layers = [layer for layer in model.generator.modules() if isinstance(layer, nn.Linear)]
    weights = sum(layer.in_features * layer.out_features for layer in layers)
    assert roofline_bound(model, 5, Rates(1.0, 1.0)).flops == 5 * 2 * weights


def test_every_weight_is_read_once_whatever_the_batch(model: LoadedModel) -> None:
    read = {roofline_bound(model, batch, Rates(1.0, 1.0)).weight_bytes for batch in (1, 16)}
    assert read == {sum(len(tensor.numpy().tobytes()) for tensor in stored_in(model))}


def stored_in(model: LoadedModel) -> list[Tensor]:
    return list(model.generator.state_dict().values())


def test_the_bound_is_the_longer_of_arithmetic_and_reading(model: LoadedModel) -> None:
    bound = roofline_bound(model, 3, Rates(1.0, 1.0))
    slow_reader = roofline_bound(model, 3, Rates(1e12, 100.0))
    slow_reckoner = roofline_bound(model, 3, Rates(100.0, 1e12))
    assert slow_reader.seconds == bound.weight_bytes / 100
    assert slow_reckoner.seconds == bound.flops / 100
