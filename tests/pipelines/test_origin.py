from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from soundgan.config.load import LoadedConfig, load_config
from soundgan.errors import ConfigError, UsageError
from soundgan.inference.model_file import ModelDescription, save_model
from soundgan.pipelines.documents import RUN_KIND, RUN_RECORD
from soundgan.pipelines.origin import (
    START,
    Origin,
    demand_fit,
    demand_same_start,
    inherit,
    origin_again,
    read_origin,
    told,
)
from soundgan.pipelines.origin_config import config_of_origin, with_waiting
from soundgan.pipelines.task import Task, open_task
from soundgan.reporting import SilentReporter
from soundgan.runtime.files import write_json
from soundgan.shapes import ClipSpec
from soundgan.training.checkpoint import save_checkpoint
from soundgan.training.state import TrainState, new_state
from tests.datasets import write_dataset

CPU = torch.device("cpu")
SMALL = (
    "training.batch_size=4",
    "generator.options.width=4",
    "generator.options.label_dim=3",
    "discriminator.options.width=4",
)
LABELS = ("low", "mid", "high")


def state_of(task: Task) -> TrainState:
    return new_state(task.assembly, device=CPU)


def task_of(data: Path, *texts: str) -> Task:
    return open_task(load_config("tiny", [*SMALL, *texts]), data)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "prepared")


@pytest.fixture(scope="module")
def run(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with a model and a checkpoint, of weights that no training has seen."""
    folder = tmp_path_factory.mktemp("runs") / "first"
    task = task_of(data, "training.seed=5")
    state = state_of(task)
    codec = task.assembly.codec
    codec.fit([torch.from_numpy(task.dataset.for_models.waveforms(task.dataset.train_indices))])
    description = ModelDescription(task.config, task.dataset.clip, task.labels, {})
    save_model(folder / "model.safetensors", description, state.product, codec.statistics())
    save_checkpoint(folder / "checkpoints", state, "hash")
    write_json(folder / RUN_RECORD, {"schema": 1, "kind": RUN_KIND})
    return folder


def origin_of(named: Path) -> Origin:
    return read_origin(named, SilentReporter())


def alone(run: Path, folder: Path) -> Path:
    """The model of a run, without the run."""
    path = folder / "given.safetensors"
    path.write_bytes((run / "model.safetensors").read_bytes())
    return path


def weights(network: torch.nn.Module) -> torch.Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in network.parameters()])


def labelled(folder: Path, labels: Sequence[str]) -> Path:
    return write_dataset(folder / "other", labels=tuple(labels))


def test_a_run_that_starts_from_a_run_begins_with_its_networks(run: Path, data: Path) -> None:
    origin = origin_of(run)
    task = task_of(data)
    state, theirs = state_of(task), state_of(task_of(data, "training.seed=5"))
    assert not torch.equal(weights(state.generator), weights(theirs.generator))
    demand_fit(task, origin)
    inherit(state, task, origin)
    assert torch.equal(weights(state.generator), weights(theirs.generator))
    assert torch.equal(weights(state.discriminator), weights(theirs.discriminator))
    assert torch.equal(weights(state.ema), weights(theirs.generator))
    assert state.step == 0
    assert state.generator_optimizer.state_dict()["state"] == {}


def test_a_model_file_has_no_discriminator_so_the_generator_waits_for_a_new_one(
    run: Path, data: Path, tmp_path: Path
) -> None:
    origin = origin_of(alone(run, tmp_path))
    assert origin.discriminator is None
    loaded = with_waiting(config_of_origin(origin, task_of(data).dataset.clip, []), origin)
    assert loaded.config.training.generator_waits_share == 0.05
    assert "the discriminator is new and learns alone for 5 % of" in told(
        open_task(loaded, data), origin
    )
    with_one = with_waiting(
        config_of_origin(origin_of(run), ClipSpec(8000, 2048), []), origin_of(run)
    )
    assert with_one.config.training.generator_waits_share == 0
    key = "training.generator_waits_share"
    for text, share in ((f"{key}=0", 0.0), (f"{key}=0.2", 0.2)):
        own = with_waiting(config_of_origin(origin, ClipSpec(8000, 2048), [text]), origin)
        assert own.config.training.generator_waits_share == share


def test_classes_are_those_of_the_new_clips_and_known_ones_are_named(
    run: Path, tmp_path: Path
) -> None:
    other = labelled(tmp_path, ["high", "noise", "low", "mid"])
    origin = origin_of(run)
    task = open_task(config_of_origin(origin, ClipSpec(8000, 2048), []), other)
    state = state_of(task)
    inherit(state, task, origin)
    vectors = state.generator.state_dict()["code.embedding.weight"]
    before = origin.generator["code.embedding.weight"]
    assert torch.equal(vectors[[0, 2, 3]], before[[2, 0, 1]])
    assert told(task, origin).startswith(f"{run} ({origin.sha256[:12]}), 3 of 4 ")
    assert "by name (high, low, mid), with its discriminator" in told(task, origin)


def test_clips_without_labels_take_a_model_with_classes(run: Path, tmp_path: Path) -> None:
    origin = origin_of(run)
    loaded = config_of_origin(origin, ClipSpec(8000, 2048), [])
    task = open_task(loaded, labelled(tmp_path, []))
    assert task.labels == ()
    demand_fit(task, origin)
    inherit(state_of(task), task, origin)


@pytest.mark.parametrize("clip", [ClipSpec(8000, 6000), ClipSpec(11025, 2048)])
def test_images_of_other_clips_keep_their_size_and_their_analysis_follows(
    run: Path, clip: ClipSpec
) -> None:
    origin = origin_of(run)
    before = origin.description.config.representation
    loaded = config_of_origin(origin, clip, [])
    table = loaded.config.representation
    assert (table.name, table.height, table.width) == (before.name, before.height, before.width)
    assert not {"n_fft", "hop_length", "win_length"} & table.options.keys()
    assert table.options["floor_db"] == before.options["floor_db"]
    same = config_of_origin(origin, origin.description.clip, [])
    assert same.config.representation == before


def test_networks_of_another_size_are_refused_by_key_and_tensor(run: Path, data: Path) -> None:
    with pytest.raises(ConfigError) as refusal:
        demand_fit(task_of(data, "generator.options.width=6"), origin_of(run))
    assert str(refusal.value) == (
        f"tiny.toml: generator.options.width: 6, and 4 in {run}: generator.stages.0."
        f"convolution.weight is 35x16x4x4 in {run}, 35x24x4x4 here; "
        "leave `config` out to take its own"
    )
    with pytest.raises(ConfigError, match=r"discriminator\.options\.width: 6, and 4 in"):
        demand_fit(task_of(data, "discriminator.options.width=6"), origin_of(run))
    with pytest.raises(ConfigError, match=r"representation\.height: 64, and 32 in"):
        demand_fit(task_of(data, "representation.height=64"), origin_of(run))


def test_stereo_clips_are_refused_by_a_mono_model(run: Path, data: Path) -> None:
    origin = origin_of(run)
    clip = replace(origin.description.clip, channels=2)
    stereo = replace(origin, description=replace(origin.description, clip=clip))
    with pytest.raises(ConfigError, match="prepare with `channels=stereo`"):
        demand_fit(task_of(data, "generator.options.width=6"), stereo)


def test_a_run_goes_on_only_from_what_it_started_from(run: Path, tmp_path: Path) -> None:
    origin, later = origin_of(run), tmp_path / "later"
    write_json(later / RUN_RECORD, {"schema": 1, "kind": RUN_KIND, START: origin.record(later)})
    demand_same_start(later, None)
    demand_same_start(later, origin)
    with pytest.raises(UsageError, match=f"{later}: started from a model of {origin.sha256[:12]}"):
        demand_same_start(later, replace(origin, sha256="0" * 64))
    with pytest.raises(UsageError, match="started from no model, not from"):
        demand_same_start(run, origin)


def test_a_run_without_checkpoints_finds_what_it_was_to_start_from(
    run: Path, tmp_path: Path
) -> None:
    model, later = alone(run, tmp_path), tmp_path / "later"
    record = origin_of(model).record(later)
    assert record["model"] == "../given.safetensors"
    write_json(later / RUN_RECORD, {"schema": 1, "kind": RUN_KIND, START: record})
    again = origin_again(later, SilentReporter())
    assert again is not None
    assert again.sha256 == origin_of(model).sha256
    write_json(later / RUN_RECORD, {"schema": 1, "kind": RUN_KIND, START: record | {"sha256": "0"}})
    with pytest.raises(UsageError, match="has changed since the run was to start from it"):
        origin_again(later, SilentReporter())
    assert origin_again(run, SilentReporter()) is None


def test_a_bundled_model_is_remembered_by_its_name(tmp_path: Path) -> None:
    record = origin_of(Path("drums")).record(tmp_path)
    assert record["model"] == "drums"
    write_json(tmp_path / RUN_RECORD, {"schema": 1, "kind": RUN_KIND, START: record})
    assert json.loads((tmp_path / RUN_RECORD).read_text())[START]["bundled"] is True
    assert origin_again(tmp_path, SilentReporter()) is not None


def test_a_folder_is_called_after_the_model(run: Path, tmp_path: Path) -> None:
    clip = ClipSpec(8000, 2048)

    def named(path: Path) -> LoadedConfig:
        return config_of_origin(origin_of(path), clip, [])

    assert named(run).name == "from-first"
    assert named(alone(run, tmp_path)).name == "from-given"
    assert config_of_origin(origin_of(Path("drums")), clip, []).name == "from-drums"


def test_the_key_that_is_named_is_one_of_the_network_whose_tensor_is(run: Path, data: Path) -> None:
    texts = ["discriminator.options.width=6", "representation.width=64"]
    loaded = config_of_origin(origin_of(run), ClipSpec(8000, 2048), texts)
    with pytest.raises(ConfigError) as refusal:
        demand_fit(open_task(loaded, data), origin_of(run))
    told_of = str(refusal.value)
    assert told_of.startswith(f"{run}: representation.width: 64, and 32 in {run}: generator.")
    assert told_of.endswith("; leave that override out")
