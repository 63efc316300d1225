"""Every architecture as an ONNX graph, against the network itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from torch import Tensor, nn

from soundgan.codec.level_curve import LevelCurve
from soundgan.errors import DependencyError, UsageError
from soundgan.graphs import GRAPHS
from soundgan.graphs.export import encode_graph
from soundgan.graphs.generator import in_runtime
from soundgan.graphs.graph import OPSET, Graph
from soundgan.graphs.images import CLASS, LATENT, curved, drawn
from soundgan.graphs.parity import image_parity, own_images, seeds_of
from soundgan.graphs.session import Session
from soundgan.inference.model_file import load_model
from soundgan.models import GENERATORS
from soundgan.models.contract import Generator
from tests.families import make
from tests.inference.conftest import write_model

SHAPE = (1, 32, 16)

NETWORKS: list[tuple[str, dict[str, Any], tuple[int, ...], int | None]] = [
    ("mlp", {"hidden": 8, "latent_dim": 5}, (1, 8, 16), 3),
    ("dcgan", {"width": 4, "latent_dim": 5}, SHAPE, 3),
    ("dcgan", {"width": 4, "norm": "batch", "bias": True}, (1, 16, 32), None),
    ("dcgan", {"width": 4, "norm": "conditional_batch", "label_dim": 3}, SHAPE, 2),
    ("convt", {"width": 4}, SHAPE, None),
    ("convt", {"width": 4, "noise_injection": True}, (1, 40, 24), 4),
    ("convt", {"width": 4, "up": "nearest", "output": "leaky", "label_dim": 0}, SHAPE, 2),
    ("convt", {"width": 4, "patch": [4, 2], "cosines": True, "pixel_noise": 2}, (3, 50, 30), 2),
    ("resnet_r3gan", {"width": 4, "blocks": 2, "groups": 2}, SHAPE, 3),
    ("resnet_r3gan", {"width": 4, "patch": [2, 2]}, (2, 36, 40), None),
]


def used(name: str, options: dict[str, Any], shape: Any, n_classes: int | None) -> Generator:
    """A generator whose every number has an effect, as after a training."""
    torch.manual_seed(1)
    generator: Generator = make(GENERATORS, name, shape, n_classes, options=options)
    for module in generator.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.normal_()
            module.running_var.uniform_(0.5, 2.0)
    for parameter in generator.parameters():
        parameter.data += 0.05 * torch.randn_like(parameter)
    return generator.eval().requires_grad_(False)


def session_of(name: str, generator: Generator) -> Session:
    graph = Graph()
    graph.output("image", drawn(graph, name, generator), *generator.shape)
    return Session(graph.model({}), threads=1)


def drawn_from(generator: Generator, count: int) -> tuple[Tensor, Tensor | None]:
    z = torch.randn(count, generator.latent_dim)
    n = generator.n_classes
    return z, None if n is None else torch.arange(count) % n


def error_db(got: Tensor, wanted: Tensor) -> float:
    return float(20 * torch.log10((got - wanted).norm() / wanted.norm()).clamp(min=-200))


def test_every_generator_has_a_graph() -> None:
    assert sorted(GRAPHS.names()) == sorted(GENERATORS.names())


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: f"{network[0]} {network[1]}")
def test_a_graph_draws_what_its_network_draws(network: Any) -> None:
    generator = used(*network)
    run = session_of(network[0], generator)
    for count in (1, 3):  # the batch is free
        given = drawn_from(generator, count)
        assert error_db(run(*given), generator(*given)) < -110


def test_the_last_noise_of_a_latent_reaches_the_image() -> None:
    generator = used("convt", {"width": 4, "noise_injection": True, "pixel_noise": 1}, SHAPE, None)
    run = session_of("convt", generator)
    z, _ = drawn_from(generator, 2)
    z[1] = z[0]
    z[1, -1] += 1
    assert not run(z)[0].equal(run(z)[1])


def test_a_curve_moves_levels_as_it_does_in_a_model() -> None:
    draw = torch.Generator().manual_seed(1)
    for sections in (1, 3):
        curve = LevelCurve(0.2 * torch.randn(sections, 4, 9, generator=draw), 12, 10)
        graph = Graph()
        image = graph.input(LATENT, "float", 1, 12, 10)
        graph.output("image", curved(graph, curve, image), 1, 12, 10)
        images = torch.rand(2, 1, 12, 10, generator=draw) * 2 - 1
        images[0, 0, :2] = torch.tensor([[-1.0], [1.0]])
        assert (Session(graph.model({}), threads=1)(images) - curve(images)).abs().max() < 1e-6


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("model") / "model.safetensors")


def test_a_file_says_all_that_is_needed_to_use_it(path: Path) -> None:
    model = load_model(path)
    content = encode_graph(model, "image", title="Three drums")
    assert content == encode_graph(load_model(path), "image", title="Three drums")
    file = onnx.load_from_string(content)
    said = {entry.key: entry.value for entry in file.metadata_props}
    assert (said["model_sha256"], said["sample_rate"], said["n_samples"]) == (
        model.sha256,
        "8000",
        "2048",
    )
    assert json.loads(said["labels"]) == ["kick", "snare", "hat"]
    assert json.loads(said["provenance"])["title"] == "Three drums"
    assert "recordings" in said["licence"]
    assert [(o.domain, o.version) for o in file.opset_import] == [("", OPSET)]
    assert [value.name for value in file.graph.input] == [LATENT, CLASS]
    assert {node.domain for node in file.graph.node} == {""}


def test_the_images_of_a_model_and_of_its_graph_are_the_same(path: Path) -> None:
    model = load_model(path)
    size = model.codec.shape[1:]
    curve = LevelCurve(torch.full((1, 2, 3), 0.1), *size)
    model = replace(model, codec=model.codec.with_levels(curve))
    run = Session(encode_graph(model, "image"), threads=1)
    parity = image_parity(model, run)
    assert not parity.fault
    assert parity.figures["error_db"] < -110
    given = seeds_of(model)
    assert (run(*given) - own_images(model, *given)).abs().max() < 1e-4


def test_stereo_models_have_a_graph_of_three_planes(stereo_path: Path) -> None:
    model = load_model(stereo_path)
    curve = LevelCurve(torch.full((1, 2, 3), 0.1), *model.codec.shape[1:])
    model = replace(model, codec=model.codec.with_levels(curve))
    assert (
        image_parity(model, Session(encode_graph(model, "image"), threads=1)).figures["error_db"]
        < -110
    )


@pytest.mark.parametrize("fault", [0.9, float("nan")])
def test_a_graph_of_something_else_does_not_pass(path: Path, fault: float) -> None:
    model = load_model(path)
    run = Session(encode_graph(model, "image"), threads=1)
    assert image_parity(model, lambda *given: run(*given) * fault).fault


def test_an_architecture_without_a_graph_is_refused_by_name(path: Path) -> None:
    model = load_model(path)
    with pytest.raises(UsageError, match=r"`generator=mine`: has no ONNX form; those that have"):
        drawn(Graph(), "mine", model.generator)


def test_a_model_draws_in_the_runtime_what_it_draws_without(path: Path) -> None:
    model = load_model(path)
    there, given = in_runtime(model), seeds_of(model, 2)
    assert there.codec is model.codec
    assert (there.generator.latent_dim, there.generator.shape) == (
        model.generator.latent_dim,
        model.generator.shape,
    )
    assert error_db(there.generator(*given), model.generator(*given)) < -110


def test_a_file_that_is_no_graph_is_refused_in_one_line() -> None:
    with pytest.raises(DependencyError, match=r"^onnxruntime: [^\n]+$"):
        Session(b"nothing")


def test_the_same_constant_is_stored_once() -> None:
    graph = Graph()
    x = graph.input(LATENT, "float", 2)
    values = np.array([1, 2], np.float32)
    twice = graph.add("Mul", graph.add("Add", x, values), values.copy())
    graph.output("y", twice, 2)
    assert len(onnx.load_from_string(graph.model({})).graph.initializer) == 1
    assert Session(graph.model({}), threads=1)(torch.tensor([[3.0, 4.0]])).tolist() == [[4.0, 12.0]]
