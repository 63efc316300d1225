from __future__ import annotations

from pathlib import Path

import pytest

from soundgan.config.dump import differences, to_toml
from soundgan.config.load import load_config
from soundgan.config.presets import preset_names
from soundgan.errors import ConfigError


def refusal(source: str, *overrides: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(source, overrides)
    return str(caught.value)


def written(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_is_complete_and_survives_being_written_and_read(
    name: str, tmp_path: Path
) -> None:
    config = load_config(name).config
    copy = load_config(written(tmp_path, to_toml(config))).config
    assert copy == config
    assert differences(config, copy) == {}


def test_an_override_replaces_one_value_and_is_named_in_errors() -> None:
    assert load_config("tiny", ["training.steps=7"]).config.training.steps == 7
    assert refusal("tiny", "training.steps=0").startswith("`overrides`: training.steps: must be")


def test_an_override_that_is_not_toml_is_text() -> None:
    assert load_config("tiny", ["data.conditional=no"]).config.data.conditional == "no"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("training.stpes=2", "`overrides`: training.stpes: unknown key; did you mean 'steps'?"),
        ("training.steps", "`overrides` training.steps: write it as table.key=value"),
        ("=3", "`overrides` =3: write it as table.key=value"),
        ("training.steps=1.5", "`overrides`: training.steps: must be a valid integer, got '1.5'"),
        ("training.steps=true", "`overrides`: training.steps: must be a valid integer, got 'True'"),
        (
            "training.instance_noise=nan",
            "`overrides`: training.instance_noise: must be a finite number, got 'nan'",
        ),
        (
            "training.instance_noise=1e999",
            "`overrides`: training.instance_noise: must be a finite number, got 'inf'",
        ),
        (
            "training.seed=-1",
            "`overrides`: training.seed: must be greater than or equal to 0, got '-1'",
        ),
        ("training.steps.x=1", "`overrides` training.steps.x=1: steps is a value, not a table"),
        (
            "representation.channels=2",
            "`overrides`: representation.channels: must be 1 or 3, got '2'",
        ),
    ],
)
def test_a_wrong_override_is_explained_in_one_line(override: str, message: str) -> None:
    assert refusal("tiny", override) == message


def test_a_wrong_value_in_a_file_names_the_file(tmp_path: Path) -> None:
    source = written(tmp_path, 'extends = "tiny"\n[training]\nsteps = "many"\n')
    assert refusal(source) == f"{source}: training.steps: must be a valid integer, got 'many'"


def test_a_missing_key_says_how_to_complete_the_file(tmp_path: Path) -> None:
    source = written(tmp_path, '[data]\nconditional = "no"\n')
    assert refusal(source) == (
        f'{source}: representation: missing; add it, or start the file with extends = "fast"'
    )


def test_extends_completes_a_file_but_drops_the_options_of_another_part(tmp_path: Path) -> None:
    source = written(tmp_path, 'extends = "tiny"\n[generator]\nname = "mlp"\n')
    config = load_config(source).config
    assert config.generator.options == {}
    assert config.discriminator == load_config("tiny").config.discriminator


def test_set_of_a_name_drops_the_options_of_the_old_part() -> None:
    config = load_config("tiny", ["generator.name=mlp", "generator.options.hidden=8"]).config
    assert config.generator.options == {"hidden": 8}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff\xfe", "not UTF-8 text at byte 0"),
        (b"a = " + b"[" * 5000, "nested too deeply"),
        (b"a = " + b"9" * 5000, "not valid TOML"),
        (b"a = 1\na = 2", "not valid TOML"),
        (b"#" * 300_000, "300000 bytes; a config has at most 262144"),
    ],
)
def test_a_hostile_file_is_refused_in_one_line(
    content: bytes, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    message = refusal(str(path))
    assert problem in message
    assert "\n" not in message


def test_a_config_with_windows_line_ends_and_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b'\xef\xbb\xbfextends = "tiny"\r\n[training]\r\nsteps = 3\r\n')
    assert load_config(str(path)).config.training.steps == 3


def test_an_unknown_preset_is_answered_with_the_nearest() -> None:
    assert refusal("tinny") == "tinny: no such preset; did you mean 'tiny'?"


def test_a_preset_is_found_by_its_path_in_a_checkout_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_config("configs/tiny.toml").config == load_config("tiny").config


def test_differences_name_each_changed_key_with_both_values() -> None:
    old = load_config("tiny").config
    new = load_config("tiny", ["training.steps=7", "generator.options.width=8"]).config
    assert differences(old, new) == {"generator.options.width": (16, 8), "training.steps": (200, 7)}
