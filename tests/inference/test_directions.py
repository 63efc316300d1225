"""Directions are those that sounds were made along, and their measures those of known sounds."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from soundgan.codec.spectrogram import SpectrogramCodec, spectrograms_of
from soundgan.inference.directions import NAMES, _fit, measure_directions, qualities
from soundgan.inference.model_file import LoadedModel, load_model
from soundgan.pipelines.find_model import bundled_models

RATE, N = 22050, 14336


@pytest.fixture(scope="module")
def drums() -> LoadedModel:
    return load_model(bundled_models()["drums"])


@pytest.fixture(scope="module")
def codec(drums: LoadedModel) -> SpectrogramCodec:
    return spectrograms_of(drums.codec)


def measured(codec: SpectrogramCodec, *waveforms: Tensor) -> dict[str, list[float]]:
    found = qualities(codec, codec.encode(torch.stack(waveforms)))
    return {name: values.tolist() for name, values in found.items()}


def tone(hertz: float, seconds: float = 0.1) -> Tensor:
    """A tone that falls by 1 / e in so many seconds."""
    t = torch.arange(N) / RATE
    return 0.5 * torch.sin(2 * math.pi * hertz * t) * torch.exp(-t / seconds)


def noise(seconds: float = 0.1) -> Tensor:
    drawn = torch.randn(N, generator=torch.Generator().manual_seed(1))
    return 0.2 * drawn * torch.exp(-torch.arange(N) / RATE / seconds)


def test_an_octave_is_one_higher_and_one_brighter(codec: SpectrogramCodec) -> None:
    found = measured(codec, tone(500), tone(1000), tone(2000))
    for name, within in (("higher", 0.1), ("brighter", 0.35)):
        low, middle, high = found[name]
        assert middle - low == pytest.approx(1.0, abs=within)
        assert high - middle == pytest.approx(1.0, abs=within)


def test_a_sound_that_falls_half_as_fast_is_one_longer_and_less_sharp(
    codec: SpectrogramCodec,
) -> None:
    found = measured(codec, tone(500, 0.04), tone(500, 0.08))
    assert found["longer"][1] - found["longer"][0] == pytest.approx(1.0, abs=0.15)
    # exp(-2 t / 0.04) has lost 78 % after 30 ms, and half as fast 53 %
    wanted = [10 * math.log10(share / (1 - share)) for share in (0.777, 0.528)]
    assert found["sharper"] == pytest.approx(wanted, abs=2.0)


def test_low_tones_are_boomy_high_ones_airy_and_noise_is_noise(codec: SpectrogramCodec) -> None:
    found = measured(codec, tone(60), tone(1000), tone(8000), noise())
    boomy, airy, noisy = (found[name] for name in ("boomier", "airier", "noisier"))
    assert boomy[0] > 10.0 > -10.0 > max(boomy[1:])
    assert airy[2] > 10.0 > -10.0 > max(airy[:2])
    assert noisy[3] > max(noisy[:3]) + 10.0


def test_silence_has_finite_measures(codec: SpectrogramCodec) -> None:
    found = measured(codec, torch.zeros(N))
    assert all(math.isfinite(values[0]) for values in found.values())


def test_a_known_direction_is_found_and_chance_is_not_offered() -> None:
    stream = torch.Generator().manual_seed(2)
    codes = torch.randn(900, 32, generator=stream, dtype=torch.float64)
    way = torch.zeros(32, dtype=torch.float64)
    way[:2] = torch.tensor([0.6, -0.8])
    blurred = codes @ way + 0.5 * torch.randn(900, generator=stream, dtype=torch.float64)
    found = _fit("longer", codes, 3.0 * blurred + 7.0, 600)
    assert torch.tensor(found.unit) @ way.float() > 0.99
    assert found.r2 == pytest.approx(1 / 1.25, abs=0.08)  # of a spread of 1 + 0.25
    assert found.offered
    chance = torch.randn(900, generator=stream, dtype=torch.float64)
    assert not _fit("longer", codes, chance, 600).offered
    assert _fit("longer", codes, torch.ones(900, dtype=torch.float64), 600).r2 == 0.0


@pytest.mark.slow
def test_directions_do_not_depend_on_threads(drums: LoadedModel) -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        alone = measure_directions(drums, 2)
        torch.set_num_threads(2)
        assert measure_directions(drums, 2) == alone
    finally:
        torch.set_num_threads(before)
    assert [direction.name for direction in alone] == list(NAMES)
    assert {d.name for d in alone if d.offered} >= {"brighter", "longer", "sharper", "higher"}
