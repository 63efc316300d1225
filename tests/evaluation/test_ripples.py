from __future__ import annotations

import pytest
import torch
from torch import Tensor

from soundgan.evaluation.ripples import FREQUENCY, TIME, line_db, ripples_of

RATE = 22_050


def hits(count: int, *, seed: int) -> Tensor:
    """Bursts of noise, each with its own decay."""
    stream = torch.Generator().manual_seed(seed)
    t = torch.arange(RATE) / RATE
    rate = 4.0 + 20.0 * torch.rand(count, 1, generator=stream)
    return (torch.randn(count, RATE, generator=stream) * torch.exp(-rate * t))[:, None]


def blocked(waveforms: Tensor, axis: str, db: float, *, hop: int = 64, period: int = 4) -> Tensor:
    """Levels raised and lowered with a period of four pixels of a spectrogram."""
    window = torch.hann_window(512)
    shape = torch.stft(waveforms[:, 0], 512, hop, window=window, return_complex=True)
    n = shape.shape[2] if axis == TIME else shape.shape[1]
    wave = db * torch.cos(2 * torch.pi * torch.arange(n) / period)
    gain = 10 ** ((wave if axis == TIME else wave[:, None]) / 20)
    return torch.istft(shape * gain, 512, hop, window=window, length=waveforms.shape[2])[:, None]


def lines(real: Tensor, fake: Tensor) -> dict[str, float]:
    first, second = ripples_of(real, RATE), ripples_of(fake, RATE)
    return {axis: line_db(first[axis], second[axis]) for axis in first}


@pytest.fixture(scope="module")
def real() -> Tensor:
    return hits(60, seed=0)


@pytest.mark.parametrize("axis", [TIME, FREQUENCY])
@pytest.mark.parametrize("period", [2, 4, 8])
def test_blocks_of_pixels_stand_out_along_their_axis_alone(
    real: Tensor, axis: str, period: int
) -> None:
    other = {TIME: FREQUENCY, FREQUENCY: TIME}[axis]
    usual = lines(real, hits(60, seed=1))
    # A sound can follow a pattern in time that is not much finer than the window.
    hop = {2: 256, 4: 128, 8: 64}[period]
    found = lines(real, blocked(hits(60, seed=1), axis, 3.0, hop=hop, period=period))
    assert found[axis] > usual[axis] + 2.0
    assert found[other] < usual[other] + 0.5


def test_what_changes_evenly_is_no_pattern(real: Tensor) -> None:
    usual = lines(real, hits(60, seed=1))
    dull = torch.nn.functional.avg_pool1d(hits(60, seed=1), 4, stride=1)
    longer = hits(60, seed=1) * torch.exp(2.0 * torch.arange(RATE) / RATE)
    for spoilt in (dull, longer):
        found = lines(real, spoilt)
        assert all(found[axis] < usual[axis] + 1.0 for axis in usual), (found, usual)


def test_sounds_have_no_line_against_themselves(real: Tensor) -> None:
    assert set(lines(real, real).values()) == {0.0}


def test_short_and_silent_clips_have_ripples_too() -> None:
    for waveforms in (torch.zeros(2, 1, 100), hits(2, seed=0)[..., :50]):
        assert all(table.isfinite().all() for table in ripples_of(waveforms, RATE).values())
