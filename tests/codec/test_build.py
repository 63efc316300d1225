"""The codec that a config asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from soundgan.codec.build import build_codec, image_spec, preset_codec, resolve
from soundgan.codec.spectrogram import spectrograms_of
from soundgan.config.load import load_config
from soundgan.errors import ConfigError
from soundgan.shapes import ClipSpec

CLIP = ClipSpec(8000, 2048)


def test_a_preset_gives_the_codec_of_its_resolved_config() -> None:
    config, codec = preset_codec("tiny", CLIP)
    codec, again = spectrograms_of(codec), spectrograms_of(build_codec(config, CLIP, "tiny"))
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


def follows(*overrides: str) -> list[str]:
    sizes = ("representation.height=0", "representation.width=0")
    return ["representation.name=auto", *sizes, *overrides]


def test_an_image_that_follows_the_clips_is_the_spectrogram_of_any_length() -> None:
    config = load_config("tiny", follows()).config
    for seconds, width in ((0.5, 173), (1, 345), (2, 690)):
        clip = ClipSpec(44100, round(44100 * seconds))
        resolved = resolve(config, clip, "here", conditional=False)
        table = resolved.representation
        assert (table.name, table.height, table.width) == ("log_magnitude", 384, width)
        assert (table.options["n_fft"], table.options["hop_length"]) == (768, 128)
        assert resolve(resolved, clip, "here", conditional=False) == resolved
        assert build_codec(resolved, clip, "here").shape == (1, 384, width)


def test_a_stated_analysis_is_kept_by_an_image_that_follows_the_clips() -> None:
    options = "representation.options={n_fft = 512, hop_length = 64}"
    config = load_config("tiny", follows(options)).config
    resolved = resolve(config, ClipSpec(44100, 44100), "here", conditional=False)
    table = resolved.representation
    assert (table.height, table.width, table.options["hop_length"]) == (256, 690, 64)


@pytest.mark.parametrize(
    ("overrides", "clip", "message"),
    [
        (
            follows("representation.name=log_mel"),
            CLIP,
            r"^here: representation\.height: 0 is for log_magnitude only; "
            r"state a size for log_mel$",
        ),
        (
            follows(),
            ClipSpec(44100, 44100 * 60),
            r"^here: representation\.width: clips of 60\.0 s have 20,672 frames, more than 8,192; "
            r"prepare shorter clips, or state a width$",
        ),
        (
            follows("representation.options={hop_length = -1}"),
            CLIP,
            r"^here: representation\.options\.hop_length: ",
        ),
    ],
)
def test_an_image_that_cannot_follow_the_clips_is_refused(
    overrides: list[str], clip: ClipSpec, message: str
) -> None:
    config = load_config("tiny", overrides).config
    with pytest.raises(ConfigError, match=message):
        resolve(config, clip, "here", conditional=False)


def test_a_size_that_is_not_decided_is_not_guessed() -> None:
    with pytest.raises(ConfigError, match="not decided"):
        image_spec(load_config("tiny", follows()).config)


def test_a_side_of_a_few_pixels_is_refused_before_anything_is_built() -> None:
    with pytest.raises(ConfigError, match=r"representation\.width: .*choose 8 or more, or 0 for"):
        load_config("tiny", ["representation.width=7"])


def test_clips_of_two_channels_get_planes_for_their_side() -> None:
    config, codec = preset_codec("tiny", replace(CLIP, channels=2))
    assert codec.shape == (3, config.representation.height, config.representation.width)


def test_a_picture_that_repeats_is_no_stereo() -> None:
    stereo = replace(CLIP, channels=2)
    config = load_config("tiny", ["representation.channels=3"]).config
    with pytest.raises(ConfigError, match=r"^here: representation\.channels: 3 repeat"):
        build_codec(resolve(config, stereo, "here", conditional=False), stereo, "here")
