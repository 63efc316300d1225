from __future__ import annotations

from pathlib import Path

import pytest

from soundgan.config.presets import find_config, preset_names
from soundgan.inference.model_file import load_model
from soundgan.pipelines.bench.untrained import untrained, write_untrained
from soundgan.representations import REPRESENTATIONS


def test_a_preset_becomes_the_same_model_every_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_untrained(tmp_path / name, find_config("tiny"))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    model = load_model(tmp_path / "a")
    assert model.generator.shape == (1, 32, 32)
    assert model.description.clip.seconds == pytest.approx(1.0, abs=0.01)
    assert model.description.labels == ()


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_that_ships_fits_a_clip_of_one_second(name: str) -> None:
    config = untrained(find_config(name)).config
    assert config.representation.name in REPRESENTATIONS.names()
    assert config.data.conditional == "no"
