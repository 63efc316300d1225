from __future__ import annotations

from pathlib import Path

import pytest
import torch

from soundgan.config.schema import Config
from soundgan.errors import ArtefactError, TrainingDivergedError
from soundgan.reporting import SilentReporter
from soundgan.runtime.files import sha256, write_json
from soundgan.runtime.tensors import load_tensors, save_tensors
from soundgan.training.batches import Batches
from soundgan.training.checkpoint import newest_checkpoint, read_checkpoint, save_checkpoint
from soundgan.training.loop import fit
from soundgan.training.snapshot import restore
from soundgan.training.state import TrainState
from tests.listeners import Listener
from tests.training.conftest import fresh
from tests.training.runs import everything


def test_four_steps_are_two_steps_saved_restored_and_two_more_bit_for_bit(
    config: Config, batches: Batches, tmp_path: Path
) -> None:
    straight = fresh(config)
    fit(straight, batches, [], until=4)

    first = fresh(config)
    fit(first, batches, [], until=2)
    save_checkpoint(tmp_path, first, "data")
    resumed = fresh(config)
    checkpoint = newest_checkpoint(tmp_path, SilentReporter())
    assert checkpoint is not None
    restore(resumed, checkpoint)
    fit(resumed, batches, [], until=4)

    expected, got = everything(straight), everything(resumed)
    assert expected.keys() == got.keys()
    assert [name for name in expected if not torch.equal(expected[name], got[name])] == []


def test_only_the_newest_checkpoints_are_kept(
    state: TrainState, batches: Batches, tmp_path: Path
) -> None:
    for until in (1, 2, 3):
        fit(state, batches, [], until=until)
        save_checkpoint(tmp_path, state, "data")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "step-000000002.json",
        "step-000000002.safetensors",
        "step-000000003.json",
        "step-000000003.safetensors",
    ]


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
@pytest.mark.parametrize("damage", [flip, truncate, Path.unlink])
def test_a_damaged_checkpoint_is_named_and_the_one_before_it_used(
    damage: object, suffix: str, state: TrainState, batches: Batches, tmp_path: Path
) -> None:
    for until in (1, 2):
        fit(state, batches, [], until=until)
        newest = save_checkpoint(tmp_path, state, "data")
    damage(newest.with_suffix(suffix))  # type: ignore[operator]
    listener = Listener()
    checkpoint = newest_checkpoint(tmp_path, listener)
    assert checkpoint is not None
    assert checkpoint.step == 1
    assert "step-000000002" in listener.warned[0]


def test_damaged_checkpoints_do_not_take_the_place_of_whole_ones(
    config: Config, batches: Batches, tmp_path: Path
) -> None:
    state = fresh(config)
    for until in (1, 2, 3):
        fit(state, batches, [], until=until)
        newest = save_checkpoint(tmp_path, state, "data", keep=3)
        if until > 1:
            truncate(newest)
    resumed = fresh(config)
    checkpoint = newest_checkpoint(tmp_path, SilentReporter())
    assert checkpoint is not None
    restore(resumed, checkpoint)
    saved = save_checkpoint(tmp_path, resumed, "data", keep=1)
    assert {path.stem for path in tmp_path.iterdir()} == {saved.stem} == {"step-000000001"}


def test_a_run_whose_checkpoints_are_all_damaged_is_not_started_over(
    state: TrainState, batches: Batches, tmp_path: Path
) -> None:
    for until in (1, 2):
        fit(state, batches, [], until=until)
        truncate(save_checkpoint(tmp_path, state, "data"))
    with pytest.raises(ArtefactError, match="no checkpoint is whole; pass `fresh` to start over"):
        newest_checkpoint(tmp_path, SilentReporter())


def test_a_first_checkpoint_that_was_never_finished_is_none(
    state: TrainState, batches: Batches, tmp_path: Path
) -> None:
    fit(state, batches, [], until=1)
    save_checkpoint(tmp_path, state, "data").with_suffix(".json").unlink()
    assert newest_checkpoint(tmp_path, SilentReporter()) is None


def test_weights_that_are_not_finite_are_never_saved(
    state: TrainState, batches: Batches, tmp_path: Path
) -> None:
    fit(state, batches, [], until=1)
    with torch.no_grad():
        next(state.generator.parameters()).fill_(torch.inf)
    with pytest.raises(TrainingDivergedError, match="weights not finite at step 1: generator"):
        save_checkpoint(tmp_path, state, "data")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"format": "soundgan model"}, "not a soundgan checkpoint"),
        ({"step": "1"}, "not a soundgan checkpoint"),
        ({"version": 2}, "checkpoint version 2, this program reads 1"),
        ({"version": True}, "checkpoint version True, this program reads 1"),
    ],
)
def test_what_is_no_checkpoint_of_this_version_is_refused(
    changed: dict[str, object], message: str, state: TrainState, tmp_path: Path
) -> None:
    path = save_checkpoint(tmp_path, state, "data")
    tensors, document, _ = load_tensors(path)
    assert read_checkpoint(path).step == document["step"] == 0
    content = save_tensors(path, tensors, document | changed)
    write_json(path.with_suffix(".json"), {"sha256": sha256(content)})
    with pytest.raises(ArtefactError, match=message):
        read_checkpoint(path)


def test_a_record_without_its_checkpoint_takes_no_place(state: TrainState, tmp_path: Path) -> None:
    for step in (20, 40, 60):
        state.step = step
        save_checkpoint(tmp_path, state, "data", keep=3)
    (tmp_path / "step-000000060.safetensors").unlink()
    state.step = 80
    save_checkpoint(tmp_path, state, "data", keep=2)
    assert sorted(path.name for path in tmp_path.glob("*.safetensors")) == [
        "step-000000040.safetensors",
        "step-000000080.safetensors",
    ]
