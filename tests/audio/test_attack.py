"""The time that sounds take to begin."""

from __future__ import annotations

import pytest
import torch

from soundgan.audio.attack import attack_ms

RATE = 44100


def rising(milliseconds: float, *, at: int = 1000) -> torch.Tensor:
    """Noise whose amplitude rises along a straight line, then holds."""
    noise = torch.randn(20_000, generator=torch.Generator().manual_seed(0)).sign()
    ramp = (torch.arange(20_000) - at) / (milliseconds * RATE / 1000)
    return noise * ramp.clamp(0.0, 1.0)


@pytest.mark.parametrize("milliseconds", [10.0, 30.0, 100.0])
def test_a_straight_rise_counts_from_a_tenth_to_seven_tenths_of_its_amplitude(
    milliseconds: float,
) -> None:
    # -20 dB of power is a tenth of the amplitude, -3 dB is 0.708.
    found = attack_ms(rising(milliseconds)[None], RATE)
    assert found.item() == pytest.approx(0.608 * milliseconds, abs=0.4)


def test_what_begins_at_once_has_an_attack_of_half_a_millisecond_or_less() -> None:
    assert 0.0 < attack_ms(rising(1e-6)[None], RATE).item() <= 0.6


def test_neither_level_nor_silence_before_nor_a_quiet_tail_change_an_attack() -> None:
    late = torch.cat([torch.zeros(777), rising(20.0)[:-777]])
    quiet = torch.where(torch.arange(20_000) < 10_000, rising(20.0), 0.01 * rising(20.0))
    found = attack_ms(torch.stack([rising(20.0), 0.001 * rising(20.0), late, quiet]), RATE)
    assert found.std() == 0


def test_silence_has_no_attack() -> None:
    assert attack_ms(torch.zeros(2, 500), RATE).tolist() == [0.0, 0.0]
