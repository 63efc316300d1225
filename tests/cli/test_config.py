from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from soundgan.config.load import load_config
from soundgan.config.presets import preset_names
from tests.conftest import Run


def test_what_show_prints_is_a_config_that_reads_back(soundgan: Run, tmp_path: Path) -> None:
    outcome = soundgan("config", "show", "tiny", "--set", "training.batch_size=3")
    (tmp_path / "copy.toml").write_text(outcome.stdout)
    copy = load_config(str(tmp_path / "copy.toml")).config
    assert copy == load_config("tiny", ["training.batch_size=3"]).config


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_passes_the_complete_check(name: str, soundgan: Run) -> None:
    assert soundgan("config", "check", name).code == 0


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (
            "generator.options.widht=3",
            "tiny.toml: generator.options.widht: unknown key; did you mean 'width'?",
        ),
        ("loss.name=hinje", "--set: loss.name: unknown loss 'hinje'; did you mean 'hinge'?"),
        (
            "inversion.options.iterations=-1",
            "inversion.options.iterations: must be greater than or equal to",
        ),
        ("representation.height=48", "representation"),
    ],
)
def test_check_looks_into_the_parts(override: str, message: str, soundgan: Run) -> None:
    outcome = soundgan("config", "check", "tiny", "--set", override)
    assert outcome.code == 2
    assert message in outcome.stderr


def test_init_writes_the_comments_too_and_never_replaces_a_file(
    soundgan: Run, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    assert soundgan("config", "init", path, "--preset", "tiny").code == 0
    assert "#" in path.read_text()
    assert tomllib.loads(path.read_text())["training"]
    path.write_text('extends = "tiny"\n')
    outcome = soundgan("config", "init", path, "--preset", "tiny")
    assert outcome.code == 1
    assert "exists with other content" in outcome.stderr
    assert path.read_text() == 'extends = "tiny"\n'
