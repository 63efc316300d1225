"""A config as text, and how two differ."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from soundgan.config.dump import differences, to_json, to_toml
from soundgan.config.load import load_config
from soundgan.config.presets import preset_names


@pytest.mark.parametrize("preset", preset_names())
def test_a_config_comes_back_from_its_toml(preset: str, tmp_path: Path) -> None:
    config = load_config(preset, ["training.seed=41"]).config
    path = tmp_path / "config.toml"
    path.write_text(to_toml(config))
    assert load_config(str(path)).config == config


def test_the_json_is_one_line_with_sorted_keys_whatever_the_order_of_the_overrides() -> None:
    text = to_json(load_config("tiny", ["training.seed=1", "training.steps=7"]).config)
    assert text == to_json(load_config("tiny", ["training.steps=7", "training.seed=1"]).config)
    assert "\n" not in text
    assert ": " not in text
    assert list(json.loads(text)) == sorted(json.loads(text))


def test_differences_are_dotted_keys_with_the_old_and_the_new_value() -> None:
    old = load_config("tiny", []).config
    new = load_config("tiny", ["training.steps=7", "generator.options.width=4"]).config
    assert differences(old, old) == {}
    assert differences(old, new) == {
        "generator.options.width": (16, 4),
        "training.steps": (200, 7),
    }


def test_an_option_that_only_one_of_two_has_differs_from_nothing() -> None:
    old = load_config("tiny", []).config
    new = load_config("tiny", ["loss.options.margin=2.0"]).config
    assert differences(old, new) == {"loss.options.margin": (None, 2.0)}
    assert differences(new, old) == {"loss.options.margin": (2.0, None)}
