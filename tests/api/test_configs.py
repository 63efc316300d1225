from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

import soundgan
from soundgan.config.load import LoadedConfig
from tests.conftest import Run
from tests.datasets import write_dataset


def test_a_preset_is_attributes_a_mapping_and_a_file_of_the_same_values(run: Run) -> None:
    loaded = soundgan.load_config("tiny", overrides={"training.steps": 7, "loss.name": "hinge"})
    assert loaded.config.training.steps == 7
    assert loaded.to_dict()["loss"] == {"name": "hinge", "options": {}}
    assert tomllib.loads(loaded.to_toml()) == loaded.to_dict()
    words = ["--set", "training.steps=7", "--set", "loss.name=hinge"]
    assert run("config", "show", "tiny", *words).stdout == loaded.to_toml()


def test_overrides_are_a_mapping_or_texts_and_come_after_those_before() -> None:
    loaded = soundgan.load_config("tiny", overrides=["training.steps=7"])
    again = soundgan.check_config(loaded, overrides={"training.batch_size": 3})
    assert (again.config.training.steps, again.config.training.batch_size) == (7, 3)
    assert (again.name, again.place) == ("tiny", "tiny.toml")
    assert again.overridden == {"training.steps", "training.batch_size"}
    assert loaded.config.training.batch_size != 3


def test_the_complete_check_looks_into_the_parts() -> None:
    overrides = {"generator.options.widht": 3}
    assert isinstance(soundgan.load_config("tiny", overrides=overrides), LoadedConfig)
    with pytest.raises(soundgan.SoundGANError, match="unknown key; did you mean 'width'"):
        soundgan.check_config("tiny", overrides=overrides)


def test_a_config_of_ones_own_begins_with_a_presets_comments(tmp_path: Path) -> None:
    path = soundgan.init_config(tmp_path / "mine.toml", preset="tiny")
    assert path.read_text().startswith("#")
    assert soundgan.load_config(path).config == soundgan.load_config("tiny").config
    path.write_text("")
    with pytest.raises(soundgan.SoundGANError, match="exists with other content"):
        soundgan.init_config(path, preset="tiny")


def test_a_loaded_config_is_planned_as_its_preset_is(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "prepared", n_clips=24)
    loaded = soundgan.load_config("tiny", overrides={"training.steps": 5})
    plan = soundgan.plan_training(data, config=loaded, overrides={"training.batch_size": 2})
    assert (plan.name, plan.steps, plan.batch_size) == ("tiny", 5, 2)


def test_overrides_may_be_numbers_of_numpy_and_name_what_is_no_value() -> None:
    given = {"training.steps": np.int64(7), "training.ema_half_life_share": np.float64(0.5)}
    training = soundgan.load_config("tiny", overrides=given).config.training
    assert (training.steps, training.ema_half_life_share) == (7, 0.5)
    with pytest.raises(soundgan.SoundGANError, match=r"^`overrides` training.steps: .*Path"):
        soundgan.load_config("tiny", overrides={"training.steps": Path("x")})
