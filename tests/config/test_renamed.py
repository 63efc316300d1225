from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from soundgan.assembly.networks import build_generator
from soundgan.config.dump import differences, to_toml
from soundgan.config.load import load_config
from soundgan.config.renamed import RENAMED, current_key, with_current_names
from soundgan.errors import ConfigError


def written(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text)
    return str(path)


def injects(source: str, *overrides: str) -> object:
    return load_config(source, overrides).config.generator.options.get("noise_injection")


def test_a_run_of_an_earlier_version_has_the_config_of_the_preset_that_made_it(
    tmp_path: Path,
) -> None:
    fast = load_config("fast").config
    old = to_toml(fast).replace("noise_injection", "texture")
    assert "texture" in old
    assert differences(load_config(written(tmp_path, old)).config, fast) == {}


@pytest.mark.parametrize("value", ["true", "false"])
def test_an_old_option_beside_extends_replaces_the_preset_s_own(value: str, tmp_path: Path) -> None:
    text = f'extends = "fast"\n[generator]\noptions = {{ texture = {value} }}\n'
    assert injects(written(tmp_path, text)) is (value == "true")


@pytest.mark.parametrize(
    "override",
    [
        "generator.options.texture=false",
        " generator . options.texture = false",
        "generator.options={texture=false}",
    ],
)
def test_an_old_option_given_as_an_override_replaces_the_new_one(override: str) -> None:
    assert injects("fast", override) is False


def test_a_mistake_in_an_old_option_names_it_as_it_is_called_now() -> None:
    config = load_config("fast", ["generator.options.texture=7"])
    with pytest.raises(ConfigError, match=r"options\.noise_injection: must be a valid boolean"):
        build_generator(config.config, (1, 128, 64), None, "mine.toml", seed=0)


def test_both_names_at_once_leave_the_old_one_to_be_refused() -> None:
    both = {"texture": True, "noise_injection": False}
    assert with_current_names({"generator": {"options": both}})["generator"]["options"] == both


def test_what_is_no_table_of_options_is_left_as_it_is() -> None:
    configs: list[dict[str, Any]]
    configs = [{}, {"generator": 3}, {"generator": {"options": 3}}, {"loss": {}}]
    for config in configs:
        assert with_current_names(config) == config
    assert current_key("generator.name") == "generator.name"
    assert current_key("discriminator.options.texture") == "discriminator.options.texture"


def test_reading_an_old_config_leaves_the_caller_s_table_alone() -> None:
    options = {"texture": True}
    config = {"generator": {"name": "convt", "options": options}}
    with_current_names(config)
    assert config["generator"]["options"] is options
    assert options == {"texture": True}


def test_no_option_goes_by_a_name_that_was_renamed_away() -> None:
    for names in RENAMED.values():
        assert not names.keys() & set(names.values())
