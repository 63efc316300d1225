"""Clips are encoded once, and wherever they lie they are the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from soundgan.audio.stft import stft
from soundgan.codec.build import build_codec
from soundgan.codec.spectrogram import SpectrogramCodec, spectrograms_of
from soundgan.config.schema import Config
from soundgan.representations import levels
from soundgan.training import encoded as module
from soundgan.training.encoded import EncodedClips, spread_out
from tests.training.conftest import CLIP, Tones

ROWS = np.arange(41)


@pytest.fixture
def transformed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many clips each transform was of."""
    found: list[int] = []

    def counted(waveform: Tensor, *settings: Any, **options: Any) -> Tensor:
        found.append(len(waveform))
        return stft(waveform, *settings, **options)

    monkeypatch.setattr(levels, "stft", counted)
    return found


@pytest.fixture
def plain(config: Config) -> SpectrogramCodec:
    """A codec that is not fitted yet."""
    return spectrograms_of(build_codec(config, CLIP, "tiny.toml"))


def test_fitting_and_all_that_follows_transforms_every_clip_once(
    tones: Tones, plain: SpectrogramCodec, transformed: list[int]
) -> None:
    clips = EncodedClips.fitting(tones, ROWS, plain)
    clips.spread(10), clips.spread(41), clips.at(np.array([3, 3, 40]))
    assert sum(transformed) == 41


def test_clips_that_are_not_fitted_to_are_transformed_when_they_are_asked_for(
    tones: Tones, codec: SpectrogramCodec, transformed: list[int]
) -> None:
    clips = EncodedClips(tones, ROWS[:7], codec)
    assert transformed == []
    clips.spread(2), clips.at(np.array([6]))
    assert sum(transformed) == 7


def test_what_is_kept_while_fitting_is_what_encoding_gives(
    tones: Tones, plain: SpectrogramCodec, codec: SpectrogramCodec
) -> None:
    clips = EncodedClips.fitting(tones, ROWS, plain)
    assert plain.outline == codec.outline
    for name, values in codec.statistics().items():
        assert torch.equal(plain.statistics()[name], values)
    assert torch.equal(clips.at(ROWS), codec.encode(torch.from_numpy(tones.samples)))


def test_what_a_codec_keeps_by_itself_is_the_same(
    tones: Tones, plain: SpectrogramCodec, codec: SpectrogramCodec
) -> None:
    batches: Iterable[Tensor] = torch.from_numpy(tones.samples).split(9)
    x = super(SpectrogramCodec, plain).fit_and_encode(iter(batches), 41)
    assert torch.equal(x, codec.encode(torch.from_numpy(tones.samples)))


def test_too_large_for_memory_they_are_encoded_again(
    tones: Tones,
    plain: SpectrogramCodec,
    codec: SpectrogramCodec,
    transformed: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_CACHED_BYTES", 0)
    again = EncodedClips.fitting(tones, ROWS, plain)
    rows = np.array([5, 0, 5])
    assert torch.equal(again.at(rows), codec.encode(torch.from_numpy(tones.samples[rows])))
    assert torch.equal(again.spread(9), codec.encode(torch.from_numpy(tones.samples[::5])))
    assert transformed == [41, 3, 3, 9, 9]


@pytest.mark.parametrize("most", [1, 9, 20, 41, 100])
def test_a_spread_is_of_the_rows_that_it_says(
    most: int, tones: Tones, codec: SpectrogramCodec
) -> None:
    indices = ROWS[::-1].copy()
    chosen = spread_out(indices, most)
    assert len(chosen) <= most
    x = EncodedClips(tones, indices, codec).spread(most)
    assert torch.equal(x, codec.encode(torch.from_numpy(tones.samples[chosen])))


def test_no_clips_are_an_empty_batch(tones: Tones, codec: SpectrogramCodec) -> None:
    clips = EncodedClips(tones, ROWS[:0], codec)
    assert clips.spread(4).shape == (0, *codec.shape)


@pytest.mark.parametrize(("free", "expected"), [(10**9, "meta"), (10**4, "cpu"), (None, "cpu")])
def test_they_lie_on_the_device_that_has_room_for_them(
    tones: Tones,
    codec: SpectrogramCodec,
    monkeypatch: pytest.MonkeyPatch,
    free: int | None,
    expected: str,
) -> None:
    monkeypatch.setattr(module, "free_bytes", lambda device: free)
    device = torch.device("meta")  # keeps nothing but shapes, and is everywhere
    assert EncodedClips(tones, ROWS, codec, device=device).at(ROWS).device.type == expected
