"""The codec that a config asks for."""

from __future__ import annotations

import pytest
import torch

from soundgan.codec.build import build_codec, preset_codec, resolve
from soundgan.config.load import load_config
from soundgan.errors import ConfigError
from soundgan.shapes import ClipSpec

CLIP = ClipSpec(8000, 2048)


def test_a_preset_gives_the_codec_of_its_resolved_config() -> None:
    config, codec = preset_codec("tiny", CLIP)
    again = build_codec(config, CLIP, "tiny")
    assert config.representation.name != "auto"
    assert (
        codec.shape == again.shape == (1, config.representation.height, config.representation.width)
    )
    assert codec.representation.options == again.representation.options
    assert type(codec.inversion) is type(again.inversion)


def test_what_is_resolved_once_stays_so() -> None:
    config, _ = preset_codec("tiny", CLIP)
    assert resolve(config, CLIP, "tiny", conditional=False) == config


def test_a_codec_that_does_not_exist_is_refused_by_its_key() -> None:
    config = load_config("tiny", ["inversion.name=nonsense"]).config
    with pytest.raises(ConfigError, match=r"^here: inversion\.name: .*nonsense"):
        build_codec(resolve(config, CLIP, "here", conditional=False), CLIP, "here")


def test_nothing_is_measured_yet() -> None:
    _, codec = preset_codec("tiny", CLIP)
    assert codec.outline is None
    assert torch.equal(codec.statistics()["half_range_db"].unique(), torch.tensor([40.0]))
