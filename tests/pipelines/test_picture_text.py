from __future__ import annotations

import json
from typing import Any

import pytest
import torch

from soundgan.errors import ArtefactError
from soundgan.pipelines.picture_text import (
    PictureText,
    decode_text,
    describe_representation,
    encode_text,
    rebuild,
)
from soundgan.representations.contract import Representation
from soundgan.representations.levels import LevelOptions
from soundgan.representations.log_magnitude import LogMagnitude
from soundgan.shapes import ClipSpec, ImageSpec

CLIP, IMAGE = ClipSpec(8000, 2048), ImageSpec(1, 32, 32)


def fitted(normalisation: str) -> Representation:
    options = LevelOptions.model_validate({"normalisation": normalisation})
    representation = LogMagnitude(options, CLIP, IMAGE)
    noise = torch.randn(4, CLIP.n_samples, generator=torch.Generator().manual_seed(1))
    representation.fit([noise * torch.linspace(0.01, 0.3, CLIP.n_samples)])
    return representation


@pytest.mark.parametrize("normalisation", ["global", "per_bin"])
def test_a_representation_comes_back_bit_for_bit(normalisation: str) -> None:
    representation = fitted(normalisation)
    entries = describe_representation("log_magnitude", representation)
    back = rebuild(decode_text(encode_text(PictureText(**entries)), "a.png"), "a.png")
    assert back.options == representation.options
    for name, values in representation.statistics().items():
        assert torch.equal(back.statistics()[name], values)


def test_equal_statistics_take_one_number() -> None:
    entries = describe_representation("log_magnitude", fitted("global"))
    assert all(isinstance(value, float) for value in entries["statistics"].values())
    assert len(encode_text(PictureText(**entries))) < 400


def test_pictures_from_before_statistics_were_stored_reach_from_the_floor_to_full_scale() -> None:
    entries = describe_representation("log_magnitude", fitted("global"))
    del entries["statistics"]
    measured = rebuild(decode_text(json.dumps(entries), "a.png"), "a.png").statistics()
    assert set((measured["centre_db"] + measured["half_range_db"]).tolist()) == {0.0}
    assert set((measured["centre_db"] - measured["half_range_db"]).tolist()) == {-80.0}


@pytest.mark.parametrize("width", [1, 7, 16, 31, 33, 100])
def test_a_picture_of_other_width_keeps_its_hop(width: int) -> None:
    text = PictureText(**describe_representation("log_magnitude", fitted("global")))
    representation = rebuild(text, "a.png", width=width)
    assert representation.stft == fitted("global").stft
    assert representation.clip.n_samples == 64 * width
    assert representation.decode(torch.zeros(1, 1, 32, width)).magnitude.shape[2] == width


@pytest.mark.parametrize(
    "change",
    [
        {"sample_rate": 0},
        {"n_samples": 1 << 40},
        {"statistics": {"centre_db": -40.0, "half_range_db": -1.0}},
        {"statistics": {"centre_db": -40.0}},
        {"statistics": {"centre_db": [1.0, 2.0], "half_range_db": 40.0}},
        {"statistics": {"centre_db": -40.0, "half_range_db": 40.0, "extra": 1.0}},
        {"unknown": 1},
        {"representation": {"name": "no_such", "options": {}, "height": 32, "width": 32}},
        {"representation": {"name": "log_mel", "options": {}, "height": 65536, "width": 65536}},
        {
            "representation": {
                "name": "log_mel",
                "options": {"n_mels": 4096, "n_fft": 65536, "hop_length": 64},
                "height": 32,
                "width": 32,
            }
        },
        {
            "n_samples": 1 << 26,
            "representation": {
                "name": "log_magnitude",
                "options": {"n_fft": 65536, "hop_length": 1},
                "height": 32,
                "width": 32,
            },
        },
    ],
)
def test_what_cannot_be_is_refused_before_it_costs_memory(change: dict[str, Any]) -> None:
    entries = describe_representation("log_magnitude", fitted("global"))
    with pytest.raises(ArtefactError, match=r"^a.png: "):
        rebuild(decode_text(json.dumps({**entries, **change}), "a.png"), "a.png")
