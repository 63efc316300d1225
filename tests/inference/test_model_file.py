from __future__ import annotations

from pathlib import Path

import pytest
import torch

from soundgan.errors import ArtefactError
from soundgan.inference.model_file import describe_model, load_model
from soundgan.runtime.tensors import load_tensors, save_tensors
from tests.inference.conftest import CLIP, LABELS, write_model


def test_a_model_says_what_it_is_and_loads_as_that(model_path: Path) -> None:
    description = describe_model(model_path)
    assert (description.clip, description.labels) == (CLIP, LABELS)
    model = load_model(model_path)
    assert model.description == description
    assert not model.generator.training
    assert model.generator.n_classes == len(LABELS)


def test_the_same_model_written_twice_has_the_same_bytes(tmp_path: Path) -> None:
    first = write_model(tmp_path / "a.safetensors")
    second = write_model(tmp_path / "b.safetensors")
    assert first.read_bytes() == second.read_bytes()


def rewrite(source: Path, target: Path, tensors: object = None, **changes: object) -> Path:
    """A copy of a model with some of its document or tensors replaced."""
    loaded, document, _ = load_tensors(source)
    save_tensors(target, tensors or loaded, document | changes)  # type: ignore[arg-type]
    return target


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": 2}, "model version 2 is newer than this program; update soundgan"),
        ({"format": "other"}, "not a soundgan model"),
        ({"sample_rate": -1}, "implausible clip"),
        ({"labels": None}, "damaged metadata"),
        ({"config": {}}, "damaged metadata"),
        ({"n_samples": "many"}, "damaged metadata"),
    ],
)
def test_a_document_that_is_not_right_is_refused(
    changes: dict[str, object], message: str, model_path: Path, tmp_path: Path
) -> None:
    with pytest.raises(ArtefactError, match=message):
        load_model(rewrite(model_path, tmp_path / "x.safetensors", **changes))


def test_an_architecture_that_is_not_registered_is_refused(
    model_path: Path, tmp_path: Path
) -> None:
    _, document, _ = load_tensors(model_path)
    config = document["config"]
    config["generator"]["name"] = "os:system"
    path = rewrite(model_path, tmp_path / "x.safetensors", config=config)
    with pytest.raises(ArtefactError, match="unknown generator 'os:system'"):
        load_model(path)


def test_weights_that_are_missing_misshapen_or_not_finite_are_refused(
    model_path: Path, tmp_path: Path
) -> None:
    tensors, _, _ = load_tensors(model_path)
    name = next(name for name, value in tensors.items() if value.dim() == 4)
    path = tmp_path / "x.safetensors"
    without = {key: value for key, value in tensors.items() if key != name}
    with pytest.raises(ArtefactError, match=f"do not fit the config: {name.split('.', 1)[1]}"):
        load_model(rewrite(model_path, path, without))
    with pytest.raises(ArtefactError, match=r"has shape \(1,\), the config needs"):
        load_model(rewrite(model_path, path, tensors | {name: torch.ones(1)}))
    bad = torch.full_like(tensors[name], torch.nan)
    with pytest.raises(ArtefactError, match="not finite"):
        load_model(rewrite(model_path, path, tensors | {name: bad}))
